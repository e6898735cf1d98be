/** The keys of the agenda: what each does, in one table that the help panel shows. */
export type Command =
  | "today"
  | "previous"
  | "next"
  | "week"
  | "threeMonths"
  | "sixMonths"
  | "search"
  | "shortNotice"
  | "help"
  | "enter"
  | "carry"
  | "pin"
  | "drop"
  | "shorter"
  | "longer"
  | "confirmed"
  | "arrived"
  | "seated"
  | "done"
  | "missed"
  | "cancel"
  | "undo"
  | "escape";

/** Keys that work anywhere on the page, outside a field. */
const PAGE: Record<string, Command> = {
  "?": "help",
  j: "today",
  PageUp: "previous",
  PageDown: "next",
  "1": "week",
  "3": "threeMonths",
  "6": "sixMonths",
  s: "search",
  l: "shortNotice",
  u: "undo",
};

/** Keys that speak of the place under the cursor. */
const GRID: Record<string, Command> = {
  Enter: "enter",
  " ": "enter",
  m: "carry",
  p: "pin",
  d: "drop",
  "-": "shorter",
  "+": "longer",
  c: "confirmed",
  a: "arrived",
  f: "seated",
  t: "done",
  n: "missed",
  x: "cancel",
  Delete: "cancel",
  Escape: "escape",
};

interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** Return the command of a key; null when it is for somebody else. */
export function commandOf(pressed: Pressed, inGrid: boolean): Command | null {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return null;
  const key = pressed.key.length === 1 ? pressed.key.toLowerCase() : pressed.key;
  return (inGrid ? GRID[key] : undefined) ?? PAGE[key] ?? null;
}

/** The status that a command gives, as the server names it. */
export const STATUS_OF: Partial<Record<Command, string>> = {
  confirmed: "confirmed",
  arrived: "arrived",
  seated: "in_chair",
  done: "done",
  missed: "missed",
};

/** Where a command leads in time. */
export function jumpOf(command: Command, isWeek: boolean): string | null {
  const step = isWeek ? 7 : 1;
  const jumps: Partial<Record<Command, string>> = {
    today: "today",
    previous: `-${step}d`,
    next: `+${step}d`,
    week: "+7d",
    threeMonths: "+3m",
    sixMonths: "+6m",
  };
  return jumps[command] ?? null;
}
