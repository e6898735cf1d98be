import { isEditable } from "../dom";

/** Say a key with what is held: « Alt+ArrowUp ». */
export function chord(
  event: Pick<KeyboardEvent, "key" | "altKey" | "ctrlKey" | "metaKey">,
): string {
  const held = [event.ctrlKey && "Ctrl", event.metaKey && "Meta", event.altKey && "Alt"];
  return [...held.filter(Boolean), event.key].join("+");
}

function buttonOf(line: Element, keys: string): HTMLElement | null {
  return line.querySelector<HTMLElement>(`[data-keys="${CSS.escape(keys)}"]`);
}

/** A line of a plan answers the keys that its buttons name. */
function onLine(event: KeyboardEvent): boolean {
  const line = (event.target as Element).closest("[data-line]");
  if (!line || isEditable(event.target)) return false;
  const button = buttonOf(line, chord(event));
  button?.click();
  return button !== null;
}

/** « f » notes the planned act that has the focus, or the first one; arrows go along the list. */
function onPlanned(event: KeyboardEvent, root: HTMLElement): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || isEditable(event.target)) return false;
  const buttons = [...root.querySelectorAll<HTMLElement>("[data-do]")];
  const here = buttons.indexOf(event.target as HTMLElement);
  if (event.key === "f" && buttons.length > 0) {
    (buttons[here] ?? buttons[0])?.click();
    return true;
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (here < 0 || step === undefined) return false;
  buttons[here + step]?.focus();
  return true;
}

/** Wire the keys of one page of a plan or of a visit. */
export function startKeys(root: HTMLElement, signal: AbortSignal): void {
  document.addEventListener(
    "keydown",
    (event) => {
      const isHere = root.contains(event.target as Node) || event.target === document.body;
      if (isHere && (onLine(event) || onPlanned(event, root))) event.preventDefault();
    },
    { signal },
  );
}
