// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from "vitest";
import { fieldsOf, restore, restoreDraft, startFormDrafts } from "./formdrafts";

const FORM = `<form data-draft-form>
  <input type="hidden" name="csrfmiddlewaretoken" value="secret">
  <input type="hidden" name="version" value="3">
  <textarea data-draft="identity:x" hidden></textarea>
  <input name="town" value="Nantes">
  <select name="sex"><option value="F" selected>F</option><option value="M">M</option></select>
  <input type="checkbox" name="do_not_contact" checked>
  <input type="file" name="photo">
</form>`;

function form(): HTMLFormElement {
  return document.querySelector("form") as HTMLFormElement;
}

function mirror(): HTMLTextAreaElement {
  return document.querySelector("[data-draft]") as HTMLTextAreaElement;
}

beforeEach(() => {
  document.body.innerHTML = FORM;
});

describe("drafts of whole forms", () => {
  it("keeps what was typed, never the proof of origin nor a file", () => {
    expect(fieldsOf(form())).toEqual({
      version: "3",
      town: "Nantes",
      sex: "F",
      do_not_contact: "on",
    });
  });

  it("puts everything back, unticked boxes and the old version too", () => {
    restore(form(), { version: "2", town: "Rezé", sex: "M" });
    expect(fieldsOf(form())).toEqual({ version: "2", town: "Rezé", sex: "M" });
  });

  it("ticks the one that was chosen among several, and no box that says something else", () => {
    document.body.innerHTML = `<form><input type="radio" name="patient" value="p1">
      <input type="radio" name="patient" value="p2"><input type="checkbox" name="of" value="p3"></form>`;
    restore(form(), { patient: "p2", of: "p4" });
    expect(fieldsOf(form())).toEqual({ patient: "p2" });
  });

  const BOOKING = `<form data-draft-form><input type="hidden" name="patient" value="marie">
    <input type="hidden" name="lot" value="l1"><input type="hidden" name="version" value="3">
    <input type="hidden" name="seen-l1" value="7"><input type="hidden" name="udi">
    <p data-picked><span data-picked-name>DURAND Marie</span></p><input name="surname"></form>`;
  const sign = () => document.querySelector("[data-picked]") as HTMLElement;

  it("brings back no hidden patient nor lot, only the state that was seen", () => {
    document.body.innerHTML = BOOKING;
    const kept = { patient: "marie", lot: "l2", udi: "u2", version: "2", "seen-l1": "9" };
    restoreDraft(form(), { ...kept, surname: "Dur" });
    expect(fieldsOf(form())).toEqual({
      patient: "marie",
      lot: "l1",
      udi: "",
      version: "2",
      "seen-l1": "9",
      surname: "Dur",
    });
    expect(sign().hidden).toBe(false);
  });

  it.each([{ patient: "" }, { patient: "paul" }, {}])(
    "lets go the patient whom the draft does not name",
    (kept) => {
      document.body.innerHTML = BOOKING;
      restoreDraft(form(), { ...kept, surname: "Martin" });
      expect(fieldsOf(form()).patient).toBe("");
      expect(sign().hidden).toBe(true);
    },
  );

  it("brings back what a field held when the form was opened: only what was typed is hers", () => {
    document.body.innerHTML = `<form data-draft-form>
      <input type="hidden" name="version" value="4">
      <input name="town" value="Nantes"><input type="hidden" name="initial-town" value="Nantes">
      <input name="phone" value="new"><input type="hidden" name="initial-phone" value="new">
    </form>`;
    const opened = { version: "3", "initial-town": "Nantes", "initial-phone": "old" };
    const kept = { ...opened, town: "Rezé", phone: "old" };
    restoreDraft(form(), kept);
    expect(fieldsOf(form())).toEqual(kept);
  });

  it("mirrors each change into the draft", () => {
    startFormDrafts();
    const town = form().elements.namedItem("town") as HTMLInputElement;
    town.value = "Vertou";
    town.dispatchEvent(new Event("input", { bubbles: true }));
    expect(JSON.parse(mirror().value).town).toBe("Vertou");
  });

  it("fills the form from a draft and bears one that is no JSON", () => {
    mirror().value = JSON.stringify({ town: "Rezé" });
    startFormDrafts();
    expect(fieldsOf(form()).town).toBe("Rezé");
    mirror().value = "{";
    startFormDrafts();
    expect(fieldsOf(form()).town).toBe("Rezé");
  });
});
