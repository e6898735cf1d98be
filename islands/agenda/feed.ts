/** A day or a week as the grid shows it; times are minutes of the practice's wall clock. */

export type StatusCode = "b" | "c" | "a" | "i" | "d" | "m" | "x";
export type ColumnsAre = "fauteuils" | "praticiens";

export interface Visit {
  id: string;
  day: number;
  from: number;
  to: number;
  column: number;
  status: StatusCode;
  kind: string;
  colour: string;
  name: string;
  title: string;
  version: number;
  /** The practitioner in the columns of chairs, the room in those of practitioners. */
  beside: string;
  /** Who treats, as the form names her. */
  practitioner: string;
  isPinned: boolean;
  /** Minutes from the start on in which an assistant is there. */
  assistant: number;
}

export interface Closed {
  day: number;
  /** -1: every column. */
  column: number;
  from: number;
  to: number;
  words: string;
}

export interface Feed {
  /** The days shown, as 2026-03-17. */
  days: string[];
  /** The first and the last day asked for, closed ones that are not shown included. */
  span: [string, string];
  /** What is to be known of these days: « Jour de Noël », « Congés (Dr Alice Kermarec). ». */
  words: string[];
  /** First and last minute that the grid shows. */
  min: number;
  max: number;
  columns: [id: string, name: string][];
  closed: Closed[];
  visits: Visit[];
}

/** Find the appointment with this id. */
export function visitById(feed: Feed, id: string): Visit | undefined {
  return feed.visits.find((one) => one.id === id);
}

/** Tell whether nobody came: the slot is free again. */
export function isOff(status: StatusCode): boolean {
  return status === "m" || status === "x";
}

/** Return the appointments under a place of the grid, those that hold it first. */
export function visitsAt(feed: Feed, day: number, column: number, minute: number): Visit[] {
  return feed.visits
    .filter(
      (one) =>
        one.day === day &&
        one.column === column &&
        one.status !== "x" &&
        one.from <= minute &&
        minute < one.to,
    )
    .sort((one, other) => Number(isOff(one.status)) - Number(isOff(other.status)));
}

/** Return who works most in a column on a day, "" when nobody is booked there yet. */
export function practitionerOf(feed: Feed, day: number, column: number): string {
  const counts = new Map<string, number>();
  for (const one of feed.visits) {
    if (one.day !== day || one.column !== column || isOff(one.status)) continue;
    counts.set(one.practitioner, (counts.get(one.practitioner) ?? 0) + 1);
  }
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0] ?? "";
}

/** Return why a place is closed, or "". */
export function closedAt(feed: Feed, day: number, column: number, minute: number): string {
  const found = feed.closed.find(
    (one) =>
      one.day === day &&
      (one.column === column || one.column === -1) &&
      one.from <= minute &&
      minute < one.to,
  );
  return found?.words ?? "";
}
