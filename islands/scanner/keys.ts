/** A reader types a code as a keyboard does, much faster than anybody. */

/** What the separator of GS1 (FNC1) becomes in what we keep. */
const SEPARATOR = "\u001d";
/** Two keys of a reader are never further apart, in ms. */
const GAP_MS = 60;
const SHORTEST = 10;
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

/** Whether a text begins as a pouch's label (ST…) or a product's code (01…), in any keyboard. */
export function isCode(text: string): boolean {
  return /^(\][A-Za-z]\d)?(ST[\d\u00e0&\u00e9"'(\-\u00e8_\u00e7]{10}$|01\d{14}|\u00e0&[\u00e0&\u00e9"'(\-\u00e8_\u00e7]{14})/i.test(
    text,
  );
}
