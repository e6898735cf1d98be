import { expect, test } from "vitest";
import type { Feed, Visit } from "./feed";
import { withoutEmptyChairs } from "./narrow";

const visit = (column: number): Visit => ({
  id: `v${column}`,
  day: 0,
  from: 600,
  to: 630,
  column,
  status: "b",
  kind: "",
  colour: "none",
  name: "MARTIN Marie",
  title: "",
  version: 1,
  beside: "",
  practitioner: "",
  assistant: 0,
  isPinned: false,
});

/** Too narrow for two days of five chairs. */
const NARROW = 600;

/** A practice of five chairs, and who is booked on which. */
const week = (...columns: number[]): Feed => ({
  days: ["2026-03-16", "2026-03-17"],
  span: ["2026-03-16", "2026-03-22"],
  words: [],
  min: 480,
  max: 1140,
  columns: [
    ["a", "Salle 1"],
    ["b", "Salle 2"],
    ["c", "Salle 3"],
    ["d", "Salle 4"],
    ["e", "Salle 5"],
  ],
  closed: [
    { day: 0, column: -1, from: 720, to: 840, words: "Fermé" },
    { day: 0, column: 1, from: 0, to: 60, words: "Fermé" },
    { day: 0, column: 2, from: 0, to: 60, words: "Fermé" },
  ],
  visits: columns.map(visit),
});

test("a week leaves out the chairs without an appointment, and says so", () => {
  const narrow = withoutEmptyChairs(week(0, 2), NARROW);
  expect(narrow.columns.map(([, name]) => name)).toEqual(["Salle 1", "Salle 3"]);
  expect(narrow.visits.map((one) => one.column)).toEqual([0, 1]);
  expect(narrow.closed.map((one) => one.column)).toEqual([-1, 1]);
  expect(narrow.words).toEqual([
    "Aucun rendez-vous cette semaine\u00a0: Salle 2, Salle 4, Salle 5",
  ]);
});

test("the chair of a slot in hand stays, in its place", () => {
  const narrow = withoutEmptyChairs(week(0, 2), NARROW, "b");
  expect(narrow.columns.map(([id]) => id)).toEqual(["a", "b", "c"]);
  expect(narrow.visits.map((one) => one.column)).toEqual([0, 2]);
  expect(narrow.words).toEqual(["Aucun rendez-vous cette semaine\u00a0: Salle 4, Salle 5"]);
  expect(withoutEmptyChairs(week(0, 2), NARROW, "gone").columns).toHaveLength(2);
});

test("where there is room, an empty chair is shown: one can book there", () => {
  const feed = week(0);
  expect(withoutEmptyChairs(feed, 800)).toBe(feed);
  expect(withoutEmptyChairs(feed, 799).columns).toHaveLength(1);
});

test("an empty week, a full one and a day show every chair", () => {
  for (const feed of [week(), week(0, 1, 2, 3, 4), { ...week(0), days: ["2026-03-16"] }]) {
    expect(withoutEmptyChairs(feed, NARROW)).toBe(feed);
  }
});
