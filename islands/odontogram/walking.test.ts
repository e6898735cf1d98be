import { expect, test } from "vitest";
import { between, meets, next, type Place, rowOf } from "./walking";

/** Teeth as a child of seven has them: the permanent row is not whole. */
const UPPER = [16, 12, 11, 21, 22, 26];
const MILK = [55, 54, 53, 63, 64, 65];
const X: Record<number, number> = { 16: 10, 12: 40, 11: 50, 21: 60, 22: 70, 26: 100 };
const MILK_X: Record<number, number> = { 55: 15, 54: 20, 53: 30, 63: 80, 64: 90, 65: 95 };
const PLACES: Place[] = [
  ...UPPER.map((fdi) => ({ fdi, x: X[fdi] ?? 0, row: rowOf(fdi) })),
  ...MILK.map((fdi) => ({ fdi, x: MILK_X[fdi] ?? 0, row: rowOf(fdi) })),
];

test("rows stand as they are drawn", () => {
  expect([18, 28, 55, 65, 85, 75, 48, 38].map(rowOf)).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
});

test("one goes across the midline, and stays at an end", () => {
  expect(next(PLACES, 11, "right")).toBe(21);
  expect(next(PLACES, 26, "right")).toBe(26);
  expect(next(PLACES, 16, "left")).toBe(16);
  expect(next(PLACES, 22, "first")).toBe(16);
  expect(next(PLACES, 16, "last")).toBe(26);
});

test("one goes to the nearest tooth of the next row, and not past the last", () => {
  expect(next(PLACES, 16, "down")).toBe(55);
  expect(next(PLACES, 65, "up")).toBe(26);
  expect(next(PLACES, 16, "up")).toBe(16);
  expect(next(PLACES, 55, "down")).toBe(55);
});

test("a tooth that is gone leads to the first, and no teeth lead nowhere", () => {
  expect(next(PLACES, 48, "right")).toBe(12);
  expect(next([], 48, "right")).toBe(48);
});

test("from one tooth to another of a row, whichever was first", () => {
  expect(between(PLACES, 12, 22)).toEqual([12, 11, 21, 22]);
  expect(between(PLACES, 22, 12)).toEqual([12, 11, 21, 22]);
  expect(between(PLACES, 12, 55)).toEqual([12, 55]);
});

test("boxes that share an edge do not meet", () => {
  const box = { left: 0, right: 10, top: 0, bottom: 10 };
  expect(meets(box, { left: 9, right: 20, top: 9, bottom: 20 })).toBe(true);
  expect(meets(box, { left: 10, right: 20, top: 0, bottom: 10 })).toBe(false);
});
