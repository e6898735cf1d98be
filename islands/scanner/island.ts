import { isFirst, isSecond, isSeparator, Keys, SEPARATOR } from "./keys";

type Typed = HTMLInputElement | HTMLTextAreaElement;

/** Take a code out of the field into which the reader typed it: it is not part of a note. */
function takenOut(code: string): void {
  const field = document.activeElement;
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
  const plain = code.replaceAll("\u001d", "");
  const end = field.selectionEnd ?? field.value.length;
  if (!field.value.slice(0, end).endsWith(plain)) return;
  field.setRangeText("", end - plain.length, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Send a code as the form would. */
function send(form: HTMLFormElement, code: string): void {
  const field = form.elements.namedItem("code") as Typed;
  field.value = code;
  form.requestSubmit();
}

/** Return a code behind the product that was read just before, when it says a lot alone. */
function withFirst(form: HTMLFormElement, code: string): string {
  const first = form.dataset.first ?? "";
  form.dataset.first = isFirst(code) ? code : "";
  return first && isSecond(code) ? first + SEPARATOR + code : code;
}

/** The field of the code reader; it also hears the reader when the cursor is elsewhere. */
export function mount(root: HTMLElement): () => void {
  const form = root as HTMLFormElement;
  const field = form.elements.namedItem("code") as HTMLInputElement;
  const keys = new Keys();

  const pressed = (event: KeyboardEvent): void => {
    if (!event.isTrusted) return;
    const inside = event.target === field;
    if (isSeparator(event.key, event.ctrlKey)) event.preventDefault();
    const code = keys.press({ key: event.key, ctrlKey: event.ctrlKey, at: event.timeStamp });
    if (code === null) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!inside) takenOut(code);
    send(form, code);
  };
  const answered = (event: Event): void => {
    form.dataset.last = (event as CustomEvent<{ value?: string }>).detail?.value ?? "";
    field.value = "";
  };

  // Read or typed by hand: the second code of a label goes with the first.
  const joined = (): void => {
    field.value = withFirst(form, field.value);
  };

  document.addEventListener("keydown", pressed, { capture: true });
  form.addEventListener("submit", joined, { capture: true });
  form.addEventListener("scanned", answered);
  if (field.dataset.focus !== undefined) field.focus({ preventScroll: true });
  return () => {
    document.removeEventListener("keydown", pressed, { capture: true });
    form.removeEventListener("submit", joined, { capture: true });
  };
}
