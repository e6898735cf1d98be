// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it } from "vitest";
import { adoptBeside } from "./beside";

const KEY = "prescription:1";
const drawn = (words: string): string =>
  `<div data-beside-place="${KEY}"><div data-beside="${KEY}"><textarea>${words}</textarea></div></div>`;
const shown = (): string[] =>
  [...document.querySelectorAll<HTMLTextAreaElement>("[data-beside] textarea")].map(
    (one) => one.value,
  );

beforeEach(() => {
  document.body.innerHTML = "";
});
afterEach(() => sessionStorage.clear());

function draw(words: string): void {
  document.body.innerHTML = drawn(words);
  adoptBeside();
}

it("shows again what the server drew, on a page that draws nothing, until it is taken up", () => {
  draw("Chlorhexidine");
  document.body.innerHTML = `<div data-beside-place="${KEY}"></div>`;
  adoptBeside();
  expect(shown()).toEqual(["Chlorhexidine"]);
  document.querySelector<HTMLButtonElement>("[data-beside] button")?.click();
  expect([shown(), sessionStorage.length]).toEqual([[], 0]);
});

it("keeps what comes after, once", () => {
  draw("Chlorhexidine");
  draw("Chlorhexidine\nRemarques : À jeun");
  expect(shown()).toEqual(["Chlorhexidine\nRemarques : À jeun"]);
  draw("Chlorhexidine");
  draw("Amoxicilline");
  expect(shown()).toEqual(["Chlorhexidine\nRemarques : À jeun\n\nAmoxicilline"]);
});
