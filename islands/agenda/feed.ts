/** What the server says of a day or a week; times are minutes of the practice's wall clock. */

export type StatusCode = "b" | "c" | "a" | "i" | "d" | "m" | "x";

/** id, day, from, to, column, status, kind, name, version, title: short, because there are many. */
export type Row = [
  id: string,
  day: number,
  from: number,
  to: number,
  column: number,
  status: StatusCode,
  kind: number,
  name: string,
  version: number,
  title: string,
];

/** day (-1: every day), column (-1: every column), from, to, words. */
export type ClosedRow = [day: number, column: number, from: number, to: number, words: string];

/** id, name, colour of the palette. */
export type KindRow = [id: string, name: string, colour: string];

export interface Feed {
  /** The days shown, as 2026-03-17. */
  days: string[];
  /** Words of a day that is closed or shortened: « Jour férié : Noël ». */
  words: string[];
  /** First and last minute that the grid shows. */
  min: number;
  max: number;
  columns: [id: string, name: string][];
  kinds: KindRow[];
  closed: ClosedRow[];
  rows: Row[];
}

export interface Visit {
  id: string;
  day: number;
  from: number;
  to: number;
  column: number;
  status: StatusCode;
  kind: KindRow | undefined;
  name: string;
  version: number;
  title: string;
}

/** An appointment in words and numbers, from its row. */
export function visitOf(row: Row, feed: Feed): Visit {
  const [id, day, from, to, column, status, kind, name, version, title] = row;
  return { id, day, from, to, column, status, kind: feed.kinds[kind], name, version, title };
}

/** Find the appointment with this id. */
export function visitById(feed: Feed, id: string): Visit | undefined {
  const row = feed.rows.find((one) => one[0] === id);
  return row && visitOf(row, feed);
}

/** Tell whether nobody came: the slot is free again. */
export function isOff(status: StatusCode): boolean {
  return status === "m" || status === "x";
}

/** Return the appointments under a place of the grid, those that hold it first. */
export function visitsAt(feed: Feed, day: number, column: number, minute: number): Visit[] {
  return feed.rows
    .filter((row) => row[1] === day && row[4] === column && row[2] <= minute && minute < row[3])
    .sort((one, other) => Number(isOff(one[5])) - Number(isOff(other[5])) || one[2] - other[2])
    .map((row) => visitOf(row, feed));
}

/** Return why a place is closed, or "". */
export function closedAt(feed: Feed, day: number, column: number, minute: number): string {
  const found = feed.closed.find(
    ([on, place, from, to]) =>
      (on === day || on === -1) &&
      (place === column || place === -1) &&
      from <= minute &&
      minute < to,
  );
  return found?.[4] ?? "";
}
