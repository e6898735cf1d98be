// @vitest-environment jsdom
import { expect, it } from "vitest";
import { startTicks, tickedIn } from "./ticks";

it("lets the button rest until somebody is ticked, and says why", () => {
  document.body.innerHTML = `<form id="letters" data-needs-ticks>
    <button type="submit">Print</button><span data-no-tick>Tick somebody</span></form>
    <input type="checkbox" form="letters"><input type="checkbox" form="letters" checked disabled>`;
  const form = document.querySelector("form") as HTMLFormElement;
  const button = document.querySelector("button") as HTMLButtonElement;
  const why = document.querySelector("[data-no-tick]") as HTMLElement;
  const box = document.querySelector("input") as HTMLInputElement;
  startTicks();
  expect([tickedIn(form), button.disabled, why.hidden]).toEqual([0, true, false]);
  box.click();
  expect([tickedIn(form), button.disabled, why.hidden]).toEqual([1, false, true]);
});
