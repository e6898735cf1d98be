import { expect, test } from "vitest";
import { drawing, stroke } from "./strokes";

test("a stroke passes from middle to middle and ends where the hand left", () => {
  const points = [
    { x: 0, y: 0 },
    { x: 10, y: 0 },
    { x: 20, y: 10 },
    { x: 30, y: 10 },
  ];
  expect(stroke(points)).toBe("M0.0 0.0Q10.0 0.0 15.0 5.0Q20.0 10.0 25.0 10.0L30.0 10.0");
  expect(stroke([{ x: 1, y: 2 }])).toBe("M1.0 2.0L1.0 2.0");
});

test("a sheet without strokes is no drawing", () => {
  expect(drawing([], 300, 120)).toBe("");
  expect(drawing([[]], 300, 120)).toBe("");
  expect(drawing([[{ x: 1, y: 1 }]], 300.4, 120)).toBe(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 120"><path d="M1.0 1.0L1.0 1.0"/></svg>',
  );
});
