import { expect, it } from "vitest";
import { nextRow } from "./rows";

it("walks down and up without leaving the table", () => {
  expect(nextRow(-1, 3, "j")).toBe(0);
  expect(nextRow(2, 3, "ArrowDown")).toBe(2);
  expect(nextRow(0, 3, "k")).toBe(0);
  expect(nextRow(1, 3, "ArrowUp")).toBe(0);
  expect(nextRow(0, 3, "End")).toBe(2);
  expect(nextRow(2, 3, "Home")).toBe(0);
});

it("ignores other keys and empty tables", () => {
  expect(nextRow(0, 3, "a")).toBeNull();
  expect(nextRow(-1, 0, "j")).toBeNull();
});
