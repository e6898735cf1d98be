import type { Closed, ColumnsAre, Feed, StatusCode, Visit } from "./feed";
import { addDays, longDay } from "./moments";
import { said } from "./words";

/** What the server sends: rows without names of fields, because a week has hundreds of them. */
export interface Raw {
  from: string;
  days: number;
  people: [id: string, name: string][];
  chairs: [id: string, name: string][];
  types: [id: string, name: string, colour: string, minutes: number, assistant: number][];
  pins: string[];
  closed: RawClosed[];
  rows: RawRow[];
}

/** `person` is a place in `people`, -1 for the whole practice. */
export type RawClosed = [
  day: number,
  start: number,
  end: number,
  person: number,
  code: string,
  words: string,
];

/** `person`, `chair` and `type` are places in their lists, -1 for none. */
export type RawRow = [
  id: string,
  day: number,
  start: number,
  minutes: number,
  person: number,
  chair: number,
  type: number,
  status: StatusCode,
  patient: string,
  title: string,
  version: number,
  assistant: number,
];

const DAY = 1440;
/** What the grid shows of a practice whose hours nobody has typed yet: 8 h to 20 h. */
const USUAL = { min: 480, max: 1200 };
const NO_CHAIR: [string, string] = ["", said.noChair];
const NOBODY: [string, string] = ["", said.nobody];

/** Return what the grid shows of an answer, by chairs or by practitioners. */
export function feedOf(raw: Raw, columnsAre: ColumnsAre): Feed {
  const shown = shownDays(raw);
  const isByChair = columnsAre === "fauteuils";
  const visits = raw.rows.map((row) => visitOf(row, raw, shown, isByChair));
  const columns = [...(isByChair ? raw.chairs : raw.people)];
  // Nothing that is booked may be without a place on the screen.
  if (columns.length === 0 || visits.some((one) => one.column === -1)) {
    columns.push(isByChair ? NO_CHAIR : NOBODY);
  }
  for (const visit of visits) if (visit.column === -1) visit.column = columns.length - 1;
  return {
    days: shown.map((day) => addDays(raw.from, day)),
    span: [raw.from, addDays(raw.from, raw.days - 1)],
    words: wordsOf(raw, shown),
    ...limits(raw, shown),
    columns,
    closed: closedOf(raw, shown, isByChair),
    visits,
  };
}

function visitOf(row: RawRow, raw: Raw, shown: number[], isByChair: boolean): Visit {
  const [id, day, start, minutes, person, chair, type, status, name, title, version, assistant] =
    row;
  const kind = raw.types[type];
  return {
    id,
    day: shown.indexOf(day),
    from: start,
    to: Math.min(start + minutes, DAY),
    column: isByChair ? chair : person,
    status,
    kind: kind?.[1] ?? "",
    colour: kind?.[2] ?? "none",
    name,
    title: title === kind?.[1] ? "" : title,
    version,
    practitioner: raw.people[person]?.[0] ?? "",
    beside: (isByChair ? raw.people[person] : raw.chairs[chair])?.[1] ?? "",
    isPinned: raw.pins.includes(id),
    assistant,
  };
}

/** A weekday on which the practice never works is not shown, unless somebody is booked then. */
function shownDays(raw: Raw): number[] {
  const all = Array.from({ length: raw.days }, (_, day) => day);
  const kept = all.filter(
    (day) => raw.rows.some((row) => row[1] === day) || !isAlwaysClosed(raw, day),
  );
  return kept.length > 0 ? kept : all;
}

function isAlwaysClosed(raw: Raw, day: number): boolean {
  const whole = raw.closed.filter(
    ([on, start, end, , code]) => on === day && code === "closed" && start === 0 && end === DAY,
  );
  const hers = new Set(whole.map((one) => one[3]));
  const others = [...ownHours(raw)].filter((person) => !hers.has(person));
  return hers.has(-1) && others.length === 0;
}

/** Return who has hours of her own: those of the practice are not hers. */
function ownHours(raw: Raw): Set<number> {
  const closed = raw.closed.filter(([, , , person, code]) => person >= 0 && code === "closed");
  return new Set(closed.map((one) => one[3]));
}

function limits(raw: Raw, shown: number[]): { min: number; max: number } {
  const opens: number[] = [];
  const closes: number[] = [];
  for (const day of shown) {
    const own = raw.closed.filter(([on, , , , code]) => on === day && code === "closed");
    for (const person of new Set(own.map((one) => one[3]))) {
      const spans = own.filter((one) => one[3] === person);
      if (spans.some(([, start, end]) => start === 0 && end === DAY)) continue;
      opens.push(spans.find(([, start]) => start === 0)?.[2] ?? USUAL.min);
      closes.push(spans.find(([, , end]) => end === DAY)?.[1] ?? USUAL.max);
    }
  }
  if (opens.length === 0) {
    opens.push(USUAL.min);
    closes.push(USUAL.max);
  }
  for (const row of raw.rows) {
    opens.push(row[2]);
    closes.push(row[2] + row[3]);
  }
  return {
    min: Math.floor(Math.min(...opens) / 60) * 60,
    max: Math.min(DAY, Math.ceil(Math.max(...closes) / 60) * 60),
  };
}

function closedOf(raw: Raw, shown: number[], isByChair: boolean): Closed[] {
  const own = ownHours(raw);
  return raw.closed.flatMap(([on, from, to, person, code, words]) => {
    const day = shown.indexOf(on);
    if (day < 0) return [];
    const columns = isByChair ? chairsClosed(person) : peopleClosed(raw, own, person, code);
    return columns.map((column) => ({ day, column, from, to, words }));
  });
}

/** A chair is not on leave: who is, is said in words above the grid. */
function chairsClosed(person: number): number[] {
  return person === -1 ? [-1] : [];
}

function peopleClosed(raw: Raw, own: Set<number>, person: number, code: string): number[] {
  if (person >= 0) return [person];
  if (code !== "closed" || own.size === 0) return [-1];
  return [...raw.people.keys()].filter((column) => !own.has(column));
}

/** Say once each holiday and each absence of these days. */
function wordsOf(raw: Raw, shown: number[]): string[] {
  const told = new Map<string, number[]>();
  for (const [on, , , , code, words] of raw.closed) {
    if (code === "closed" || !shown.includes(on)) continue;
    const days = told.get(words) ?? [];
    if (!days.includes(on)) days.push(on);
    told.set(words, days);
  }
  return [...told].map(([words, days]) => {
    if (shown.length === 1) return words;
    const names = days.map((day) => longDay(addDays(raw.from, day)).split(" ")[0]);
    return `${names.join(", ")} : ${words}`;
  });
}
