import { expect, it } from "vitest";
import { fitted, matrix, mirrored, toPicture, turned, type View, zoomedAt } from "./geometry";

const START: View = { zoom: 1, x: 0, y: 0, turns: 0, mirrored: false };
const PICTURE = { width: 1000, height: 1500 };
const CANVAS = { width: 800, height: 600 };

function onScreen(view: View, x: number, y: number) {
  const [a, b, c, d, e, f] = matrix(view, PICTURE, CANVAS);
  return { x: a * x + c * y + e, y: b * x + d * y + f };
}

it("fits the whole picture, turned or not", () => {
  expect(fitted(START, PICTURE, CANVAS).zoom).toBeCloseTo(0.4);
  expect(fitted(turned(START, 1), PICTURE, CANVAS).zoom).toBeCloseTo(800 / 1500);
});

it("keeps the middle in the middle", () => {
  expect(onScreen(fitted(START, PICTURE, CANVAS), 500, 750)).toEqual({ x: 400, y: 300 });
});

it("brings the top to the right when turned right", () => {
  const view = fitted(turned(START, 1), PICTURE, CANVAS);
  expect(onScreen(view, 500, 0).x).toBeGreaterThan(400);
});

it("mirrors what is seen, also when turned", () => {
  for (const turns of [0, 1, 2, 3]) {
    const view = { ...START, turns };
    const before = onScreen(view, 0, 0);
    const after = onScreen(mirrored(view), 0, 0);
    expect(after.x).toBeCloseTo(800 - before.x);
    expect(after.y).toBeCloseTo(before.y);
  }
});

it("zooms without moving what is under the pointer", () => {
  const point = { x: 650, y: 120 };
  const before = toPicture(point, START, PICTURE, CANVAS);
  const after = toPicture(point, zoomedAt(START, 3, point, CANVAS), PICTURE, CANVAS);
  expect(after.x).toBeCloseTo(before.x);
  expect(after.y).toBeCloseTo(before.y);
});

it("finds the pixel under a point however the picture lies", () => {
  const view: View = { zoom: 0.7, x: 30, y: -12, turns: 3, mirrored: true };
  const there = onScreen(view, 123, 456);
  const back = toPicture(there, view, PICTURE, CANVAS);
  expect(back.x).toBeCloseTo(123);
  expect(back.y).toBeCloseTo(456);
});
