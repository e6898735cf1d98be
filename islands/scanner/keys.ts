/** A reader types a code as a keyboard does, much faster than anybody. */

/** What the separator of GS1 (FNC1) becomes in what we keep. */
export const SEPARATOR = "\u001d";
/** Two keys of a reader are never further apart, in ms. */
const GAP_MS = 60;
const SHORTEST = 7;
const LONGEST = 400;

export interface Key {
  key: string;
  ctrlKey: boolean;
  /** When it was pressed, in ms. */
  at: number;
}

/** Gathers keys; tells when they were the whole code of a pouch or a product. */
export class Keys {
  private text = "";
  private last = Number.NEGATIVE_INFINITY;

  /** Return the code that this key ends, null while there is none. */
  press({ key, ctrlKey, at }: Key): string | null {
    if (at - this.last > GAP_MS) this.text = "";
    this.last = at;
    if (key === "Enter" || key === "Tab") return this.ended();
    if (isSeparator(key, ctrlKey)) this.text += SEPARATOR;
    else if (key.length === 1 && !ctrlKey) this.text = (this.text + key).slice(-LONGEST);
    return null;
  }

  private ended(): string | null {
    const text = this.text;
    this.text = "";
    return text.length >= SHORTEST && isCode(text) ? text : null;
  }
}

/** Readers send FNC1 as Ctrl+], some as F8. */
export function isSeparator(key: string, ctrlKey: boolean): boolean {
  return key === "F8" || (ctrlKey && (key === "]" || key === "$"));
}

const LABEL = /^(\][A-Za-z]\d)?/;

/** Whether a text begins as the lot of a HIBC, the second code of a label (+$…); no telephone. */
export function isSecond(text: string): boolean {
  return /^\+(\$|44?[^\d ]|\d{5}(?!\d*$)|[\u00e0&\u00e9"'(\-\u00e8_\u00e7]{5})/.test(
    text.replace(LABEL, ""),
  );
}

/** Whether a text is the product of a HIBC alone: what its second code is joined to. */
export function isFirst(text: string): boolean {
  return /^\+[A-Z?][^/!]+$/i.test(text.replace(LABEL, ""));
}

/**
 * Whether a text begins as a pouch's label (ST…) or a product's code (01… in GS1, +… in HIBC), in
 * any keyboard.
 */
export function isCode(text: string): boolean {
  if (isSecond(text)) return true;
  return /^(\][A-Za-z]\d)?(ST[\d\u00e0&\u00e9"'(\-\u00e8_\u00e7]{10}$|01\d{14}|\u00e0&[\u00e0&\u00e9"'(\-\u00e8_\u00e7]{14}|\+[A-Z?][A-Z\d?\u00e0&\u00e9"'(\-\u00e8_\u00e7]{5})/i.test(
    text,
  );
}
