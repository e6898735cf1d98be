/**
 * French is the source of every text: a French page carries nothing more. A page in another
 * language carries its catalogue, as data, in `<script type="application/json" id="textes">`.
 */
export const CATALOGUE = "textes";

type Places = Record<string, string | number>;

let catalogue: Record<string, string> | undefined;

function read(): Record<string, string> {
  // A worker has no page: what it says is said in French.
  const block = typeof document === "undefined" ? null : document.getElementById(CATALOGUE);
  return block ? (JSON.parse(block.textContent || "{}") as Record<string, string>) : {};
}

/** Say a French text in the language of the page; `{name}` is filled with the place of that name. */
export function gettext(text: string, places: Places = {}): string {
  catalogue ??= read();
  const said = catalogue[text] || text;
  return said.replace(/\{(\w+)\}/g, (whole, name: string) => String(places[name] ?? whole));
}

/** Return how the page writes its numbers and its days. */
export function locale(): string {
  return document.documentElement.lang.startsWith("en") ? "en-GB" : "fr-FR";
}
