import type { Mode, Sign } from "./mouth";

export type Command =
  | { kind: "digit"; digit: number }
  | { kind: "sign"; sign: Sign }
  | { kind: "mode"; mode: Mode }
  | { kind: "arrow"; to: "left" | "right" | "up" | "down" }
  | { kind: "presence"; presence: "missing" | "implant" }
  | {
      kind: "tens" | "minus" | "skip" | "back" | "erase" | "undo" | "help" | "nextMode" | "disarm";
    };

export interface Pressed {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** What the desk is waiting for, which changes the meaning of a few keys. */
export interface Armed {
  mode: Mode;
  tens: boolean;
  minus: boolean;
}

const plain: Record<string, Command> = {
  "+": { kind: "tens" },
  "=": { kind: "tens" },
  s: { kind: "sign", sign: "bleeding" },
  b: { kind: "sign", sign: "bleeding" },
  " ": { kind: "sign", sign: "bleeding" },
  ".": { kind: "sign", sign: "bleeding" },
  ",": { kind: "sign", sign: "bleeding" },
  p: { kind: "sign", sign: "plaque" },
  "*": { kind: "sign", sign: "plaque" },
  u: { kind: "sign", sign: "suppuration" },
  "/": { kind: "sign", sign: "suppuration" },
  m: { kind: "mode", mode: "mobility" },
  f: { kind: "mode", mode: "furcation" },
  d: { kind: "mode", mode: "depth" },
  a: { kind: "presence", presence: "missing" },
  i: { kind: "presence", presence: "implant" },
  z: { kind: "undo" },
  "?": { kind: "help" },
  Enter: { kind: "skip" },
  Backspace: { kind: "back" },
  Delete: { kind: "erase" },
  Escape: { kind: "disarm" },
  ArrowLeft: { kind: "arrow", to: "left" },
  ArrowRight: { kind: "arrow", to: "right" },
  ArrowUp: { kind: "arrow", to: "up" },
  ArrowDown: { kind: "arrow", to: "down" },
};

/** After « + », the keypad alone reaches what the letters do. */
const afterPlus: Record<string, Command> = {
  Enter: { kind: "nextMode" },
  ".": { kind: "presence", presence: "missing" },
  ",": { kind: "presence", presence: "missing" },
  "-": { kind: "undo" },
};

/** Return what a key asks; null when it is for the browser or for somebody else. */
export function commandOf(pressed: Pressed, armed: Armed): Command | null {
  const key = pressed.key.length === 1 ? pressed.key.toLowerCase() : pressed.key;
  if (pressed.metaKey || pressed.altKey) return null;
  if (pressed.ctrlKey) return key === "z" ? { kind: "undo" } : null;
  const digit = digitOf(pressed);
  if (digit !== null) return { kind: "digit", digit };
  return (armed.tens && afterPlus[key]) || inRecession(key, armed) || (plain[key] ?? null);
}

/** The two keys whose meaning depends on whether recessions are typed. */
function inRecession(key: string, { mode, minus }: Armed): Command | null {
  const is = mode === "recession";
  if (key === "-" || key === "n") return { kind: is && !minus ? "minus" : "back" };
  return key === "r" ? { kind: "mode", mode: is ? "depth" : "recession" } : null;
}

/** The row of digits types digits on every keyboard: on a French one they would need Shift. */
function digitOf({ key, code }: Pressed): number | null {
  if (/^[0-9]$/.test(key)) return Number(key);
  const found = /^Digit([0-9])$/.exec(code);
  return found ? Number(found[1]) : null;
}
