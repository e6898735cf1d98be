// @vitest-environment jsdom
import { beforeEach, expect, it } from "vitest";
import { Drawing } from "./drawing";

const TEETH = [18, 17, 13, 12];
const MOUTH = `<div data-mouth>${TEETH.map(
  (fdi) => `<svg><g data-tooth="${fdi}" tabindex="-1"></g></svg>`,
).join("")}</div>`;

let place: HTMLElement;
let drawing: Drawing;

beforeEach(() => {
  document.body.innerHTML = `<div id="place">${MOUTH}</div>`;
  place = document.getElementById("place") as HTMLElement;
  drawing = new Drawing(place);
});

const reached = () => TEETH.filter((fdi) => drawing.one(fdi)?.getAttribute("tabindex") === "0");

it("starts at the first tooth, the one that Tab reaches", () => {
  expect(drawing.current).toBe(18);
  expect(reached()).toEqual([18]);
});

it("follows a tooth that something else gave the keyboard to", () => {
  drawing.one(13)?.focus();
  expect(drawing.current).toBe(13);
  expect(reached()).toEqual([13]);
});

it("keeps that tooth when the mouth is drawn again", () => {
  drawing.one(13)?.focus();
  drawing.replace(MOUTH);
  expect(document.activeElement).toBe(drawing.one(13));
  expect(reached()).toEqual([13]);
});
