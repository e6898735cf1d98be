// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { isForAnother, isOverTyping } from "./audience";

function asked(event: Event | undefined, patient = "a") {
  const elt = document.createElement("div");
  if (patient) elt.dataset.livePatient = patient;
  return { elt, requestConfig: { triggeringEvent: event } };
}

const changed = (detail: unknown) => new CustomEvent("live:patient.changed", { detail });

describe("live events of a patient", () => {
  it("redraw the page of that patient only", () => {
    expect(isForAnother(asked(changed({ patient: "a" })))).toBe(false);
    expect(isForAnother(asked(changed({ patient: "b" })))).toBe(true);
  });

  it("redraw when they name nobody, or when the part belongs to nobody", () => {
    expect(isForAnother(asked(changed({ gapMs: 1 })))).toBe(false);
    expect(isForAnother(asked(changed(null)))).toBe(false);
    expect(isForAnother(asked(changed({ patient: "b" }), ""))).toBe(false);
  });

  it("leave other events alone", () => {
    expect(isForAnother(asked(new Event("click")))).toBe(false);
    expect(isForAnother(asked(undefined))).toBe(false);
  });
});

describe("what is being typed", () => {
  it("is never redrawn by a live event", () => {
    const part = asked(changed({ patient: "a" }));
    expect(isOverTyping(part)).toBe(false);
    part.elt.innerHTML = '<form><input type="hidden"></form>';
    expect(isOverTyping(part)).toBe(false);
    part.elt.innerHTML = "<form><textarea></textarea></form>";
    expect(isOverTyping(part)).toBe(true);
  });

  it("may be redrawn by the person herself", () => {
    const part = asked(new Event("click"));
    part.elt.innerHTML = "<form><textarea></textarea></form>";
    expect(isOverTyping(part)).toBe(false);
  });
});
