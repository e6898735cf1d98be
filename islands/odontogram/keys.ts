/** The keys of the chart: what each does while the teeth or the tools have the keyboard. */
export type Command =
  | { do: "tool"; digit: number }
  | { do: "status"; status: string }
  | { do: "surface"; surface: string }
  | { do: "walk"; way: Way; extends: boolean }
  | { do: "apply" | "choose" | "disarm" | "undo" | "redo" | "line" | "help" };

export type Way = "left" | "right" | "up" | "down" | "first" | "last";

export interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** One letter for each status: constaté, à faire, réalisé, à surveiller, adressé. */
export const STATUS_KEYS: Record<string, string> = {
  c: "existing",
  f: "planned",
  r: "done",
  s: "watch",
  a: "referred",
};

/** Surfaces by the letters that dentists say; an incisal edge is drawn where others chew. */
const SURFACES: Record<string, string> = { m: "M", d: "D", o: "O", i: "O", v: "V", l: "L", p: "L" };

const WAYS: Record<string, Way> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
  Home: "first",
  End: "last",
};

const OTHERS: Record<string, Command> = {
  Enter: { do: "apply" },
  " ": { do: "choose" },
  Escape: { do: "disarm" },
};

/** Return what a key asks of the chart when it has the keyboard; null when it asks nothing. */
export function commandOf(pressed: Pressed): Command | null {
  if (pressed.altKey) return null;
  if (pressed.ctrlKey || pressed.metaKey) return undoOf(pressed);
  const way = WAYS[pressed.key];
  if (way) return { do: "walk", way, extends: pressed.shiftKey };
  if (/^[1-9]$/.test(pressed.key)) return { do: "tool", digit: Number(pressed.key) };
  const key = pressed.key.length === 1 ? pressed.key.toLowerCase() : pressed.key;
  const status = STATUS_KEYS[key];
  if (status) return { do: "status", status };
  const surface = SURFACES[key];
  if (surface) return { do: "surface", surface };
  return OTHERS[pressed.key] ?? pageCommandOf(pressed);
}

/** Return what a key asks of the chart wherever the keyboard is, outside a field. */
export function pageCommandOf(pressed: Pressed): Command | null {
  if (pressed.altKey || pressed.ctrlKey || pressed.metaKey) return null;
  if (pressed.key === ":" || pressed.key.toLowerCase() === "e") return { do: "line" };
  return pressed.key === "?" ? { do: "help" } : null;
}

/**
 * Return what a key asks of the chart when nothing else on the page has the keyboard: what moves
 * the page (arrows, Space) or opens something (Enter) is left to it.
 */
export function freeCommandOf(pressed: Pressed): Command | null {
  const command = commandOf(pressed);
  return command && ["walk", "choose", "apply"].includes(command.do) ? null : command;
}

/** Return the undo or redo that a key asks for, null for any other. */
export function stepOf(pressed: Pressed): Command | null {
  const command = commandOf(pressed);
  return command && ["undo", "redo"].includes(command.do) ? command : null;
}

function undoOf(pressed: Pressed): Command | null {
  const key = pressed.key.toLowerCase();
  if (key === "z") return { do: pressed.shiftKey ? "redo" : "undo" };
  return key === "y" ? { do: "redo" } : null;
}
