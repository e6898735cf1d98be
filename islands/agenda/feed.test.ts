import { expect, test } from "vitest";
import { classesOf, drawn, inWords } from "./content";
import { closedAt, practitionerOf, visitById, visitsAt } from "./feed";
import { feedOf, type Raw, type RawClosed, type RawRow } from "./raw";

const row = (values: Partial<Record<number, unknown>>): RawRow =>
  Object.assign(
    ["v1", 0, 600, 30, 0, 0, 0, "c", "MARTIN Marie", "Contrôle", 3, 0],
    values,
  ) as RawRow;

const lunch = (day: number, person = -1): RawClosed[] => [
  [day, 0, 510, person, "closed", "Fermé"],
  [day, 720, 840, person, "closed", "Fermé"],
  [day, 1110, 1440, person, "closed", "Fermé"],
];

const raw = (values: Partial<Raw> = {}): Raw => ({
  from: "2026-03-16",
  days: 1,
  people: [
    ["p1", "Dr Alice"],
    ["p2", "Dr Paul"],
  ],
  chairs: [
    ["c1", "Salle 1"],
    ["c2", "Salle 2"],
  ],
  types: [["k1", "Contrôle", "teal", 30, 0]],
  pins: [],
  closed: lunch(0),
  rows: [row({}), row({ 0: "v2", 3: 15, 6: -1, 7: "m", 8: "PETIT Jean", 9: "Détartrage" })],
  ...values,
});

test("the grid begins at the opening and ends after the last appointment", () => {
  expect(feedOf(raw(), "fauteuils")).toMatchObject({ min: 480, max: 1140 });
  const late = feedOf(raw({ rows: [row({ 2: 1200, 3: 45 })] }), "fauteuils");
  expect(late.max).toBe(1260);
  expect(feedOf(raw({ closed: [], rows: [] }), "fauteuils")).toMatchObject({ min: 480, max: 1200 });
});

test("a day on which nobody works is hidden, unless somebody is booked then", () => {
  const sunday: RawClosed = [6, 0, 1440, -1, "closed", "Fermé"];
  const week = { days: 7, closed: [...lunch(0), sunday] };
  expect(feedOf(raw(week), "fauteuils").days).toHaveLength(6);
  const booked = feedOf(raw({ ...week, rows: [row({ 1: 6 })] }), "fauteuils");
  expect(booked.days).toHaveLength(7);
  expect(booked.visits[0]?.day).toBe(6);
});

test("a day off in the middle moves the later days to their place on screen", () => {
  const wednesday: RawClosed = [2, 0, 1440, -1, "closed", "Fermé"];
  const feed = feedOf(raw({ days: 5, closed: [wednesday], rows: [row({ 1: 3 })] }), "fauteuils");
  expect(feed.days).toEqual(["2026-03-16", "2026-03-17", "2026-03-19", "2026-03-20"]);
  expect(feed.visits[0]?.day).toBe(2);
});

test("an appointment without a chair has a column of its own", () => {
  const feed = feedOf(raw({ rows: [row({ 5: -1 })] }), "fauteuils");
  expect(feed.columns.at(-1)).toEqual(["", "Sans fauteuil"]);
  expect(feed.visits[0]?.column).toBe(2);
  expect(feedOf(raw(), "fauteuils").columns).toHaveLength(2);
});

test("who has hours of her own does not follow those of the practice", () => {
  const closed = [...lunch(0), [0, 0, 600, 1, "closed", "Fermé"] as RawClosed];
  const feed = feedOf(raw({ closed }), "praticiens");
  expect(closedAt(feed, 0, 0, 730)).toBe("Fermé");
  expect(closedAt(feed, 0, 1, 730)).toBe("");
  expect(closedAt(feed, 0, 1, 540)).toBe("Fermé");
});

test("leave shades her column, and is said in words where chairs are the columns", () => {
  const leave: RawClosed = [0, 480, 720, 1, "leave", "Congés (Dr Paul)."];
  const people = feedOf(raw({ closed: [...lunch(0), leave] }), "praticiens");
  expect(closedAt(people, 0, 1, 530)).toBe("Congés (Dr Paul).");
  const chairs = feedOf(raw({ closed: [...lunch(0), leave] }), "fauteuils");
  expect(closedAt(chairs, 0, 1, 530)).toBe("");
  expect(chairs.words).toEqual(["Congés (Dr Paul)."]);
});

test("a holiday of the week is named with its day", () => {
  const holiday: RawClosed = [1, 0, 1440, -1, "holiday", "Fête du travail"];
  const feed = feedOf(raw({ days: 5, closed: [holiday] }), "fauteuils");
  expect(feed.words).toEqual(["mardi : Fête du travail"]);
  expect(feed.days).toHaveLength(5);
});

test("the appointment that holds a place comes before one that freed it", () => {
  const feed = feedOf(raw({ rows: [...raw().rows].reverse() }), "fauteuils");
  expect(visitsAt(feed, 0, 0, 605).map((one) => one.id)).toEqual(["v1", "v2"]);
  expect(visitsAt(feed, 0, 0, 630)).toEqual([]);
  expect(visitsAt(feed, 0, 1, 605)).toEqual([]);
});

test("who works most in a room on a day is meant there, whoever did not come aside", () => {
  const rows = [
    row({ 0: "a", 4: 0, 5: 0 }),
    row({ 0: "b", 4: 1, 5: 0 }),
    row({ 0: "c", 4: 1, 5: 0 }),
    row({ 0: "d", 4: 0, 5: 0, 7: "m" }),
    row({ 0: "e", 4: 0, 5: 0, 7: "x" }),
  ];
  const feed = feedOf(raw({ rows }), "fauteuils");
  expect(practitionerOf(feed, 0, 0)).toBe(raw().people[1]?.[0]);
  expect(practitionerOf(feed, 0, 1)).toBe("");
  expect(practitionerOf(feed, 1, 0)).toBe("");
});

test("an appointment is said in words: time, name, what, who, status", () => {
  const visit = visitById(feedOf(raw(), "fauteuils"), "v1");
  expect(visit && inWords(visit)).toBe(
    "10 h 00 à 10 h 30, MARTIN Marie, Contrôle, Dr Alice, Confirmé",
  );
  expect(visitById(feedOf(raw(), "praticiens"), "unknown")).toBeUndefined();
});

test("colour and status are classes, and words beside them", () => {
  const feed = feedOf(raw({ pins: ["v1"] }), "fauteuils");
  const [kept, off] = [visitById(feed, "v1"), visitById(feed, "v2")];
  if (!kept || !off) throw new Error("the feed lost its rows");
  expect(classesOf(kept)).toEqual(["kind-teal", "is-confirmed", "is-pinned"]);
  expect(classesOf(off)).toEqual(["kind-none", "is-missed", "is-off", "is-short"]);
  const box = drawn(off)[0] as HTMLElement;
  expect(box.textContent).toContain("Détartrage · Non venu");
  expect(box.dataset.visit).toBe("v2");
});

test("a name is text, never markup", () => {
  const feed = feedOf(raw({ rows: [row({ 8: "<img src=x>" })] }), "fauteuils");
  const visit = visitById(feed, "v1");
  const box = visit && (drawn(visit)[0] as HTMLElement);
  expect(box?.querySelector("img")).toBeNull();
  expect(box?.textContent).toContain("<img src=x>");
});

test("assistant time is a hatched band and words, on the card and in the bubble", () => {
  const feed = feedOf(raw({ rows: [row({ 3: 40, 11: 10 })] }), "fauteuils");
  const visit = feed.visits[0];
  const [box, band] = visit ? (drawn(visit) as HTMLElement[]) : [];
  expect(box?.textContent).toContain("assistante 10\u00a0min");
  expect(box?.title).toContain("assistante 10\u00a0min");
  expect(band?.style.blockSize).toBe("25%");
  const alone = feedOf(raw(), "fauteuils").visits[0];
  expect(alone && drawn(alone)).toHaveLength(1);
});
