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

const waits = (text: string) =>
  sessionStorage.setItem(`shared::${KEY}`, JSON.stringify({ text, version: "3" }));

it("shows what waited for a text that cannot be typed in any more, until it is taken up", () => {
  waits("Vu. Carie 16.");
  const page = `<div data-beside-place="${KEY}"></div><div class="note-text">Vu.</div>`;
  for (let times = 0; times < 2; times++) {
    document.body.innerHTML = page;
    adoptBeside();
    expect(shown()).toEqual(["Vu. Carie 16."]);
  }
  document.querySelector<HTMLButtonElement>("[data-beside] button")?.click();
  expect([shown(), sessionStorage.length]).toEqual([[], 0]);
});

it("says nothing of what is written there already, however its lines are broken", () => {
  waits("Vu.\nCarie 16.");
  document.body.innerHTML = `<div data-beside-place="${KEY}"></div>
    <div class="note-text">Vu.<br>Carie 16.<br>Suite.</div>`;
  adoptBeside();
  expect([shown(), sessionStorage.length]).toEqual([[], 0]);
});

it("leaves what waits to the field that takes it", () => {
  waits("Vu. Carie 16.");
  document.body.innerHTML = `<div data-beside-place="${KEY}"></div>
    <textarea data-draft="${KEY}"></textarea>`;
  adoptBeside();
  expect([shown(), sessionStorage.length]).toEqual([[], 1]);
});

it("keeps what comes after, once", () => {
  draw("Chlorhexidine");
  draw("Chlorhexidine\nRemarques : À jeun");
  expect(shown()).toEqual(["Chlorhexidine\nRemarques : À jeun"]);
  draw("Chlorhexidine");
  draw("Amoxicilline");
  expect(shown()).toEqual(["Chlorhexidine\nRemarques : À jeun\n\nAmoxicilline"]);
});
