/** Keeps a whole form in one draft: a hidden textarea mirrors its fields as JSON. */

const NEVER_KEPT = new Set(["csrfmiddlewaretoken", "abandon", "confirme", "key"]);

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

/** Put kept fields back. The version comes back too: the server then tells what others changed. */
export function restore(form: HTMLFormElement, kept: Kept): void {
  for (const field of form.elements) {
    if (field instanceof HTMLInputElement && field.type === "checkbox") {
      field.checked = field.name in kept;
      continue;
    }
    const takes =
      field instanceof HTMLInputElement ||
      field instanceof HTMLSelectElement ||
      field instanceof HTMLTextAreaElement;
    if (!takes || (field instanceof HTMLInputElement && field.type === "file")) continue;
    const value = kept[field.name];
    if (field.name && value !== undefined && !NEVER_KEPT.has(field.name)) field.value = value;
  }
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
    if (kept) restore(form, kept);
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
