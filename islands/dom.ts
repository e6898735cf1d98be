type Attributes = Record<string, string | number | boolean | null | undefined>;

/** Make an element; false, null and undefined attributes are left out. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** Draw an icon of the sprite, whose address the page carries in a meta tag. */
export function icon(name: string): SVGSVGElement {
  const sprite = meta("icons");
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${sprite}#${name}`);
  drawing.append(use);
  return drawing;
}

/** Make a button that shows an icon and says its name. */
export function iconButton(name: string, label: string): HTMLButtonElement {
  const hidden = make("span", { class: "visually-hidden" }, label);
  return make("button", { type: "button", class: "icon-button", title: label }, icon(name), hidden);
}

/** Read a meta tag of the page, or "". */
export function meta(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? "";
}

/** Tell whether a key was pressed while nothing on the page had the keyboard. */
export function isNobodys(target: EventTarget | null): boolean {
  return target === document.body || target === document.documentElement || isMain(target);
}

/** A new page puts the keyboard on what is its main part. */
function isMain(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.tagName === "MAIN";
}

/** Tell whether keys belong to what the person is typing in. */
export function isEditable(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLSelectElement) return true;
  if (target instanceof HTMLTextAreaElement) return true;
  return (
    target instanceof HTMLInputElement &&
    !["checkbox", "radio", "button", "submit", "file", "range"].includes(target.type)
  );
}
