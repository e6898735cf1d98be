/** Keeps a whole form in one draft: a hidden textarea mirrors its fields as JSON. */
import { showPicked } from "./picked";

const NEVER_KEPT = new Set(["csrfmiddlewaretoken", "abandon", "confirme", "key"]);

/**
 * What a hidden field says of the state that was seen; the others are in sight elsewhere. The values
 * that a form was opened with (`initial-…`) tell the server which fields were typed in.
 */
const SEEN = /^(version|seen-.+|initial-.+)$/;

type Kept = Record<string, string>;

const adopted = new WeakSet<HTMLTextAreaElement>();

/** Return the fields of a form as plain text; files and proofs of origin are left out. */
export function fieldsOf(form: HTMLFormElement): Kept {
  const kept: Kept = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !NEVER_KEPT.has(name)) kept[name] = value;
  }
  return kept;
}

/** Tell whether a field is filled by its value. */
function takesValue(
  field: Element,
): field is HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement {
  if (field instanceof HTMLInputElement) return field.type !== "file";
  return field instanceof HTMLSelectElement || field instanceof HTMLTextAreaElement;
}

/** Put kept fields back. The version comes back too: the server then tells what others changed. */
export function restore(form: HTMLFormElement, kept: Kept): void {
  for (const field of form.elements) {
    if (!takesValue(field) || !field.name || NEVER_KEPT.has(field.name)) continue;
    const value = kept[field.name];
    if (field.type === "checkbox" || field.type === "radio")
      (field as HTMLInputElement).checked = value === field.value;
    else if (value !== undefined) field.value = value;
  }
}

/**
 * Put a draft back into its form. A hidden patient or lot stays as the server drew it, with the
 * sign that shows it: nobody would see which one a draft brings.
 */
export function restoreDraft(form: HTMLFormElement, kept: Kept): void {
  const patient = form.elements.namedItem("patient");
  const isOther = patient instanceof HTMLInputElement && (kept.patient ?? "") !== patient.value;
  const isHidden = ({ name, type }: HTMLInputElement) => type === "hidden" && !SEEN.test(name);
  const hidden = new Set(
    [...form.querySelectorAll<HTMLInputElement>("input[type=hidden]")]
      .filter(isHidden)
      .map((field) => field.name),
  );
  restore(form, Object.fromEntries(Object.entries(kept).filter(([name]) => !hidden.has(name))));
  if (isOther) showPicked(form, "", "");
}

function parse(text: string): Kept | null {
  try {
    const read: unknown = JSON.parse(text);
    return read && typeof read === "object" ? (read as Kept) : null;
  } catch {
    return null;
  }
}

function adopt(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-draft-form]")) {
    const mirror = form.querySelector<HTMLTextAreaElement>("textarea[data-draft]");
    if (!mirror || adopted.has(mirror)) continue;
    adopted.add(mirror);
    const kept = mirror.value ? parse(mirror.value) : null;
    if (kept) restoreDraft(form, kept);
    form.addEventListener("input", (event) => {
      if (event.target === mirror || !mirror.isConnected) return;
      mirror.value = JSON.stringify(fieldsOf(form));
      mirror.dispatchEvent(new Event("input"));
    });
  }
}

/** Wire every `<form data-draft-form>`; its textarea `[data-draft]` is sent by the drafts. */
export function startFormDrafts(): void {
  adopt();
  document.body.addEventListener("htmx:afterSettle", adopt);
}
