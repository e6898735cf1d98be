/** Where the teeth are on the screen, and how one goes from one to the next. */
import type { Way } from "./keys";

/** The middle of a tooth, in any unit that is the same for all; `row` counts from the top. */
export interface Place {
  fdi: number;
  x: number;
  row: number;
}

/** Return the row, from the top, in which an FDI number is drawn. */
export function rowOf(fdi: number): number {
  return { 1: 0, 2: 0, 5: 1, 6: 1, 7: 2, 8: 2 }[Math.floor(fdi / 10)] ?? 3;
}

/** Return the tooth that an arrow leads to; the same one at an end. */
export function next(places: Place[], from: number, way: Way): number {
  const here = places.find((place) => place.fdi === from) ?? places[0];
  if (!here) return from;
  const isAcross = way !== "up" && way !== "down";
  return (isAcross ? across(places, here, way) : along(places, here, way)).fdi;
}

function across(places: Place[], here: Place, way: Way): Place {
  const row = places.filter((place) => place.row === here.row).sort((a, b) => a.x - b.x);
  const at = row.findIndex((place) => place.fdi === here.fdi);
  const wanted = { left: at - 1, right: at + 1, first: 0, last: row.length - 1 }[way as "left"];
  return row[Math.min(Math.max(wanted, 0), row.length - 1)] ?? here;
}

function along(places: Place[], here: Place, way: Way): Place {
  const rows = [...new Set(places.map((place) => place.row))].sort((a, b) => a - b);
  const wanted = rows[rows.indexOf(here.row) + (way === "up" ? -1 : 1)];
  const others = places.filter((place) => place.row === wanted);
  const nearer = (a: Place, b: Place) => Math.abs(a.x - here.x) - Math.abs(b.x - here.x);
  return others.sort(nearer)[0] ?? here;
}

/** Return the teeth from one to another of the same row, both included; else the two. */
export function between(places: Place[], from: number, to: number): number[] {
  const [start, end] = [from, to].map((fdi) => places.find((place) => place.fdi === fdi));
  if (!start || !end || start.row !== end.row) return [...new Set([from, to])];
  const [low, high] = [Math.min(start.x, end.x), Math.max(start.x, end.x)];
  return places
    .filter((place) => place.row === start.row && place.x >= low && place.x <= high)
    .sort((a, b) => a.x - b.x)
    .map((place) => place.fdi);
}

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Tell whether two boxes have something in common. */
export function meets(one: Box, other: Box): boolean {
  return (
    one.left < other.right &&
    one.right > other.left &&
    one.top < other.bottom &&
    one.bottom > other.top
  );
}
