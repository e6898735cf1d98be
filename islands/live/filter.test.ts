import { expect, it } from "vitest";
import { isOfAnother } from "./filter";

const strip = document.createElement("div");
strip.dataset.livePatient = "p1";
const live = (detail: unknown) => new CustomEvent("live:pictures", { detail });

it("lets a piece redraw for its own patient and after a break", () => {
  expect(isOfAnother(strip, live({ patient: "p1" }))).toBe(false);
  expect(isOfAnother(strip, live({ gapMs: 9000 }))).toBe(false);
  expect(isOfAnother(strip, new Event("click"))).toBe(false);
  expect(isOfAnother(strip, undefined)).toBe(false);
});

it("spares the server a redraw for somebody else", () => {
  expect(isOfAnother(strip, live({ patient: "p2" }))).toBe(true);
  expect(isOfAnother(document.createElement("div"), live({ patient: "p2" }))).toBe(false);
});
