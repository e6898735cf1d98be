/** Buttons that put a text of the page into the clipboard: `<button data-copy="id">`. */

/** Select a text, so that who may not copy by a button copies by a key. */
function select(source: HTMLElement): void {
  const range = document.createRange();
  range.selectNodeContents(source);
  const selection = window.getSelection();
  selection?.removeAllRanges();
  selection?.addRange(range);
}

/** Copy the text of an element; false when the browser leaves it selected only.
 *
 * A page without HTTPS on a network has no clipboard. */
export async function copy(source: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText((source.textContent ?? "").trimEnd());
    return true;
  } catch {
    select(source);
    return false;
  }
}

async function answer(button: HTMLElement): Promise<void> {
  const source = document.getElementById(button.dataset.copy ?? "");
  if (!source) return;
  const { copied = "", selected = "" } = button.dataset;
  const text = (await copy(source)) ? copied : selected;
  const said = button.parentElement?.querySelector<HTMLElement>("[role=status]");
  if (said) said.textContent = text;
}

/** Wire every `[data-copy]`, those that come later too. */
export function startCopying(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-copy]");
    if (button) void answer(button);
  });
}
