import { expect, test } from "vitest";
import { chord } from "./keys";
import { teethOf } from "./lighting";
import { placeAmong } from "./order";

test("teeth of a line", () => {
  expect(teethOf("16 17")).toEqual(["16", "17"]);
  expect(teethOf(undefined)).toEqual([]);
});

test("a key with what is held", () => {
  const plain = { altKey: false, ctrlKey: false, metaKey: false };
  expect(chord({ ...plain, key: "ArrowUp", altKey: true })).toBe("Alt+ArrowUp");
  expect(chord({ ...plain, key: "Delete" })).toBe("Delete");
});

test("a dragged line lands before the one whose middle is below", () => {
  const boxes = [
    { top: 0, height: 40 },
    { top: 40, height: 40 },
  ];
  expect(placeAmong(boxes, 10)).toBe(0);
  expect(placeAmong(boxes, 50)).toBe(1);
  expect(placeAmong(boxes, 90)).toBe(2);
  expect(placeAmong([], 5)).toBe(0);
});
