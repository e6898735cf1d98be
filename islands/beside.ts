/** What somebody typed that is in no record yet: it stands beside what is written there. */
import { make } from "./dom";
import { words } from "./words";

/** A workstation is shared: what waits here is named after who typed it. */
const nameOf = (key: string): string => `beside:${document.body.dataset.person ?? ""}:${key}`;

/** What several people write in waits under a name of its own: nobody sends it on from elsewhere. */
export const sharedName = (key: string): string =>
  `shared:${document.body.dataset.person ?? ""}:${key}`;

/** A text that is not in a shared one yet, and the version that it was typed against. */
export interface Waiting {
  text: string;
  version?: string;
}

export function readShared(stored: string): Waiting {
  try {
    const { text, version } = JSON.parse(stored) as Partial<Waiting>;
    return { text: String(text ?? ""), version: String(version ?? "") };
  } catch {
    return { text: stored, version: "" };
  }
}

const squashed = (text: string): string => text.replace(/\s+/g, "");

/** Tell whether a note of the page says all of a text, however its lines are broken. */
const isWritten = (text: string): boolean =>
  [...document.querySelectorAll(".note-text")].some((note) =>
    squashed(note.textContent ?? "").includes(squashed(text)),
  );

/** What waits for a text that nobody can type in any more stands beside it, unless it is there. */
function adoptShared(key: string): void {
  const stored = sessionStorage.getItem(sharedName(key));
  if (stored === null || document.querySelector(`[data-draft="${CSS.escape(key)}"]`)) return;
  sessionStorage.removeItem(sharedName(key));
  const { text } = readShared(stored);
  if (!isWritten(text)) putBeside(key, text);
}

const boxOf = (key: string): HTMLElement | null =>
  document.querySelector<HTMLElement>(`[data-beside="${CSS.escape(key)}"]`);

/** Keep a text beside what `key` names; a page that is loaded again shows it again. */
export function putBeside(key: string, text: string): void {
  const before = sessionStorage.getItem(nameOf(key)) ?? "";
  if (text.trim() === "" || before.includes(text)) return;
  // A text that says all of what is kept takes its place.
  const isMore = text.includes(before.trim());
  sessionStorage.setItem(nameOf(key), isMore ? text : `${before}\n\n${text}`);
}

function draw(key: string, text: string): HTMLElement {
  const id = `beside-${key}`;
  const done = make(
    "button",
    { type: "button", class: "button button-quiet button-small" },
    words.takenUp,
  );
  const box = make(
    "div",
    { class: "field", "data-beside": key, "data-beside-kept": true },
    make("label", { for: id }, words.besideLabel),
    make("textarea", { id, rows: 4, readonly: true }, text),
    done,
  );
  done.addEventListener("click", () => {
    sessionStorage.removeItem(nameOf(key));
    box.remove();
  });
  return box;
}

/** Show what is kept beside `key` after an element; what the server drew there is kept too. */
export function showBeside(key: string, after: Element | null = null): void {
  const drawn = boxOf(key);
  if (drawn && !("besideKept" in drawn.dataset))
    putBeside(key, drawn.querySelector("textarea")?.value ?? "");
  const text = sessionStorage.getItem(nameOf(key));
  if (!text) return;
  const box = draw(key, text);
  if (drawn) drawn.replaceWith(box);
  else after?.after(box);
}

/** Keep what the server drew beside something on this page; show what was kept at its place. */
export function adoptBeside(): void {
  for (const box of document.querySelectorAll<HTMLElement>("[data-beside]")) {
    if (!("besideKept" in box.dataset)) showBeside(box.dataset.beside ?? "");
  }
  for (const place of document.querySelectorAll<HTMLElement>("[data-beside-place]")) {
    const key = place.dataset.besidePlace ?? "";
    adoptShared(key);
    if (!boxOf(key)) showBeside(key, place);
  }
}
