import { afterEach, beforeEach, expect, test } from "vitest";
import { closeBooking, openBooking, startBooking } from "./booking";

// The browser of the tests draws nothing, so it cannot scroll.
Element.prototype.scrollIntoView = () => undefined;

let stop: () => void;

beforeEach(() => {
  document.body.innerHTML = `<div id="drawers"></div><div id="grid" tabindex="0"></div>
    <section id="reservation" data-drawer hidden><form>
      <input type="hidden" name="patient"><p data-picked hidden><span data-picked-name></span>
      <button type="button" data-unpick>x</button></p><textarea hidden data-draft="agenda">{}</textarea>
      <fieldset data-names><input name="surname"><input name="first_name"><input name="phone">
      <div data-found><button type="button" data-pick="p1" data-label="MARTIN Marie, 03/04/1985">MARTIN</button></div></fieldset>
      <select name="kind"><option value="" data-minutes="30"></option>
        <option value="k1" data-minutes="45">Soin</option></select>
      <input name="day"><input name="time"><input name="minutes" value="30">
      <select name="chair"><option value="c1"></option><option value="c2"></option></select>
      <select name="practitioner"><option value="d1"></option><option value="d2"></option></select>
      <button type="button" data-empty-booking>Vider</button>
    </form></section>`;
  stop = startBooking();
});

afterEach(() => stop());

function field(name: string): HTMLInputElement {
  return document.querySelector(`[name=${name}]`) as HTMLInputElement;
}

function open(values: object = {}): void {
  const { usual = "", ...rest } = values as { usual?: string };
  const place = { day: 0, column: 1, from: 615, to: 615, ...rest };
  const grid = document.getElementById("grid") as HTMLElement;
  const where = { day: "2026-03-17", place, column: "c2", columnsAre: "chairs" };
  openBooking({ ...where, usual, slot: {} }, grid);
}

test("a click in the grid opens the panel on its place, with the usual length", () => {
  field("kind").value = "k1";
  open();
  expect(document.getElementById("reservation")?.hidden).toBe(false);
  expect(field("day").value).toBe("17/03/2026");
  expect(field("time").value).toBe("10:15");
  expect(field("chair").value).toBe("c2");
  expect(field("minutes").value).toBe("45");
  expect(document.activeElement).toBe(field("surname"));
});

test("a dragged length is kept, and what was typed too", () => {
  field("surname").value = "Dupont";
  open({ to: 675 });
  expect(field("minutes").value).toBe("60");
  expect(field("surname").value).toBe("Dupont");
});

test("a type gives its length", () => {
  field("kind").value = "k1";
  field("kind").dispatchEvent(new Event("change", { bubbles: true }));
  expect(field("minutes").value).toBe("45");
});

test("a patient who was found is chosen with a click and let go again", () => {
  document.querySelector<HTMLElement>("[data-pick]")?.click();
  expect(field("patient").value).toBe("p1");
  const sign = document.querySelector<HTMLElement>("[data-picked]");
  expect(sign?.hidden).toBe(false);
  expect(sign?.textContent).toContain("03/04/1985");
  document.querySelector<HTMLElement>("[data-unpick]")?.click();
  expect(field("patient").value).toBe("");
  expect(sign?.hidden).toBe(true);
});

test("a name that is typed lets go the patient who was chosen, before the draft is taken", () => {
  const draft: string[] = [];
  document
    .querySelector("form")
    ?.addEventListener("input", () => draft.push(field("patient").value));
  document.querySelector<HTMLElement>("[data-pick]")?.click();
  field("phone").dispatchEvent(new Event("input", { bubbles: true }));
  expect(field("patient").value).toBe("p1");
  field("surname").value = "Martin";
  field("surname").dispatchEvent(new Event("input", { bubbles: true }));
  expect(field("patient").value).toBe("");
  expect(document.querySelector<HTMLElement>("[data-picked]")?.hidden).toBe(true);
  expect(draft).toEqual(["p1", "p1", ""]);
});

test("who works in that room is proposed, else who was chosen before stays", () => {
  open({ usual: "d2" });
  expect(field("practitioner").value).toBe("d2");
  open();
  expect(field("practitioner").value).toBe("d2");
});

test("another place forgets what was refused at the one before, and a letter replaces the name", () => {
  open();
  field("surname").value = "Dupont";
  field("time").setAttribute("aria-invalid", "true");
  document
    .querySelector("form")
    ?.insertAdjacentHTML(
      "afterbegin",
      "<div data-error-summary>Déjà pris</div><p class=error>…</p>",
    );
  open({ from: 660 });
  expect(document.querySelector("[data-error-summary], .error, [aria-invalid]")).toBeNull();
  expect(field("surname").value).toBe("Dupont");
  expect([field("surname").selectionStart, field("surname").selectionEnd]).toEqual([0, 6]);
});

test("the panel is emptied by hand", () => {
  open();
  field("surname").value = "Dupont";
  field("phone").value = "0199001234";
  document.querySelector<HTMLElement>("[data-empty-booking]")?.click();
  expect([field("surname").value, field("phone").value]).toEqual(["", ""]);
  expect(field("day").value).toBe("17/03/2026");
  expect(document.activeElement).toBe(field("surname"));
});

test("arrows lead through the patients whom the server recognised, to the new person", () => {
  open();
  document.querySelector("form")?.insertAdjacentHTML(
    "afterbegin",
    `<div data-answer-first data-names><button data-stop value="p2">C’est elle</button>
      <button data-stop name="confirme">Nouvelle personne</button></div>`,
  );
  const [first, second] = document.querySelectorAll<HTMLElement>("[data-stop]");
  first?.focus();
  first?.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
  expect(document.activeElement).toBe(second);
});

test("arrows lead from the fields to the patients found and back", () => {
  open();
  const press = (key: string) =>
    document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  press("ArrowDown");
  expect((document.activeElement as HTMLElement).dataset.pick).toBe("p1");
  press("ArrowUp");
  expect(document.activeElement).toBe(field("surname"));
});

test("the panel closes once its appointment is made", () => {
  open();
  closeBooking();
  expect(document.getElementById("reservation")?.hidden).toBe(true);
});

test("once it is booked, the panel is ready for the next call: the day stays, the patient goes", () => {
  open();
  field("surname").value = "Dupont";
  field("phone").value = "0199001234";
  field("kind").value = "k1";
  document.querySelector<HTMLElement>("[data-pick]")?.click();
  document.body.dispatchEvent(new CustomEvent("agenda:booked", { detail: { id: "a1" } }));
  for (const name of ["patient", "surname", "phone", "kind", "time"]) {
    expect(field(name).value).toBe("");
  }
  expect(field("day").value).toBe("17/03/2026");
  expect(field("minutes").value).toBe("30");
  expect(document.querySelector<HTMLElement>("[data-picked]")?.hidden).toBe(true);
  expect(document.querySelector("textarea")?.value).toBe("");
});
