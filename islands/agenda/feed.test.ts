import { expect, test } from "vitest";
import { classesOf, drawn, inWords } from "./content";
import { closedAt, type Feed, visitById, visitsAt } from "./feed";

const feed: Feed = {
  days: ["2026-03-17"],
  words: [""],
  min: 480,
  max: 1140,
  columns: [
    ["c1", "Fauteuil 1"],
    ["c2", "Fauteuil 2"],
  ],
  kinds: [["k1", "Contrôle", "teal"]],
  closed: [
    [-1, -1, 720, 840, "Fermé"],
    [0, 1, 480, 720, "Congés : Dr Alice"],
  ],
  rows: [
    ["v1", 0, 600, 630, 0, "c", 0, "MARTIN Marie", 3, ""],
    ["v2", 0, 600, 615, 0, "m", -1, "PETIT Jean", 1, "Détartrage"],
  ],
};

test("the appointment that holds a place comes before one that freed it", () => {
  expect(visitsAt(feed, 0, 0, 605).map((one) => one.id)).toEqual(["v1", "v2"]);
  expect(visitsAt(feed, 0, 0, 630)).toEqual([]);
  expect(visitsAt(feed, 0, 1, 605)).toEqual([]);
});

test("closed places say why, on one column or on all", () => {
  expect(closedAt(feed, 0, 0, 730)).toBe("Fermé");
  expect(closedAt(feed, 0, 1, 500)).toBe("Congés : Dr Alice");
  expect(closedAt(feed, 0, 0, 500)).toBe("");
});

test("an appointment is said in words: time, name, what, status", () => {
  const visit = visitById(feed, "v1");
  expect(visit && inWords(visit)).toBe("10:00 à 10:30, MARTIN Marie, Contrôle, Confirmé");
  expect(visitById(feed, "unknown")).toBeUndefined();
});

test("colour and status are classes, and words beside them", () => {
  const [kept, off] = [visitById(feed, "v1"), visitById(feed, "v2")];
  if (!kept || !off) throw new Error("the feed lost its rows");
  expect(classesOf(kept)).toEqual(["kind-teal", "is-confirmed"]);
  expect(classesOf(off)).toEqual(["kind-none", "is-missed", "is-off", "is-short"]);
  const box = drawn(off)[0] as HTMLElement;
  expect(box.textContent).toContain("Détartrage · Non venu");
  expect(box.dataset.visit).toBe("v2");
});

test("a name is text, never markup", () => {
  const row = feed.rows[0];
  if (!row) throw new Error("the feed lost its rows");
  const evil: Feed = { ...feed, rows: [[...row.slice(0, 7), "<img src=x>", 1, ""] as typeof row] };
  const visit = visitById(evil, "v1");
  const box = visit && (drawn(visit)[0] as HTMLElement);
  expect(box?.querySelector("img")).toBeNull();
  expect(box?.textContent).toContain("<img src=x>");
});
