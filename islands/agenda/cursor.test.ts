import { expect, test } from "vitest";
import { type Bounds, type Cursor, moved, within } from "./cursor";

const bounds: Bounds = { days: 5, columns: 3, min: 480, max: 1140, step: 15 };
const at = (values: Partial<Cursor>): Cursor => ({
  day: 0,
  column: 0,
  from: 600,
  minutes: 15,
  ...values,
});

test("arrows go one step in time and one column aside", () => {
  expect(moved(at({}), "ArrowDown", false, bounds)).toEqual(at({ from: 615 }));
  expect(moved(at({}), "ArrowUp", false, bounds)).toEqual(at({ from: 585 }));
  expect(moved(at({}), "ArrowRight", false, bounds)).toEqual(at({ column: 1 }));
});

test("past the last column is the next day, before the first the day before", () => {
  expect(moved(at({ column: 2 }), "ArrowRight", false, bounds)).toEqual(at({ day: 1 }));
  expect(moved(at({ day: 1 }), "ArrowLeft", false, bounds)).toEqual(at({ column: 2 }));
  expect(moved(at({}), "ArrowLeft", false, bounds)).toEqual(at({}));
  expect(moved(at({ day: 4, column: 2 }), "ArrowRight", false, bounds)).toEqual(
    at({ day: 4, column: 2 }),
  );
});

test("with Shift the place lasts longer or shorter, and the day changes", () => {
  expect(moved(at({}), "ArrowDown", true, bounds)).toEqual(at({ minutes: 30 }));
  expect(moved(at({ minutes: 30 }), "ArrowUp", true, bounds)).toEqual(at({}));
  expect(moved(at({}), "ArrowUp", true, bounds)).toEqual(at({}));
  expect(moved(at({}), "ArrowRight", true, bounds)).toEqual(at({ day: 1 }));
});

test("a cursor never leaves the grid", () => {
  expect(moved(at({ from: 480 }), "ArrowUp", false, bounds)).toEqual(at({ from: 480 }));
  expect(moved(at({}), "End", false, bounds)).toEqual(at({ from: 1125 }));
  expect(moved(at({}), "Home", false, bounds)).toEqual(at({ from: 480 }));
  expect(within(at({ day: 9, column: 7, from: 2000, minutes: 9000 }), bounds)).toEqual({
    day: 4,
    column: 2,
    from: 480,
    minutes: 660,
  });
});

test("a start between two steps goes to the nearest one in the direction of the move", () => {
  expect(moved(at({ from: 605 }), "ArrowDown", false, bounds)?.from).toBe(615);
  expect(moved(at({ from: 605 }), "ArrowUp", false, bounds)?.from).toBe(600);
});

test("other keys lead nowhere", () => {
  expect(moved(at({}), "a", false, bounds)).toBeNull();
});
