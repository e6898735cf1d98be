// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from "vitest";
import { fieldsOf, restore, startFormDrafts } from "./formdrafts";

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
