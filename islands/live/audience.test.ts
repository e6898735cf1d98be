// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { areOthers, isElsewhere, isForAnother, isOverTyping } from "./audience";

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

  it("is redrawn around boxes that nobody ticked", () => {
    const part = asked(changed({ patient: "a" }));
    part.elt.innerHTML = '<input type="checkbox"><input type="checkbox">';
    expect(isOverTyping(part)).toBe(false);
    for (const box of part.elt.querySelectorAll("input")) box.checked = true;
    expect(isOverTyping(part)).toBe(true);
  });

  it("may be redrawn by the person herself", () => {
    const part = asked(new Event("click"));
    part.elt.innerHTML = "<form><textarea></textarea></form>";
    expect(isOverTyping(part)).toBe(false);
  });
});

describe("live events of the agenda", () => {
  const agenda = (detail: unknown) => new CustomEvent("live:agenda", { detail });
  const part = (values: Record<string, string>, detail: unknown) => {
    const found = asked(agenda(detail), "");
    Object.assign(found.elt.dataset, values);
    return found;
  };

  it("redraw what shows today when the server says that today changed", () => {
    const today = { liveToday: "" };
    expect(isElsewhere(part(today, { days: ["2026-03-17"], today: true }))).toBe(false);
    expect(isElsewhere(part(today, { days: ["2026-03-18"] }))).toBe(true);
    expect(isElsewhere(part(today, { days: [] }))).toBe(false);
    expect(isElsewhere(part(today, null))).toBe(false);
  });

  it("redraw the list of the day they name", () => {
    const list = { liveDays: "2026-03-17" };
    expect(isElsewhere(part(list, { days: ["2026-03-16", "2026-03-17"] }))).toBe(false);
    expect(isElsewhere(part(list, { days: ["2026-03-16"] }))).toBe(true);
    expect(isElsewhere(part(list, { gapMs: 3 }))).toBe(false);
  });

  it("redraw the pinboard for what is pinned on it, and for what is pinned or taken off", () => {
    const board = part({ livePins: "" }, { days: ["2026-03-17"], appointment: "a1" });
    expect(isElsewhere(board)).toBe(true);
    board.elt.innerHTML = '<ul><li data-pinned="a1"></li></ul>';
    expect(isElsewhere(board)).toBe(false);
    expect(isElsewhere(part({ livePins: "" }, { appointment: "a1", pins: "pin" }))).toBe(false);
  });

  it("leave the other parts alone", () => {
    expect(isElsewhere(part({}, { days: ["2026-03-16"] }))).toBe(false);
    expect(isElsewhere(asked(changed({ days: ["2026-03-16"] })))).toBe(false);
  });

  it("concern a week when one of its days is told", () => {
    const week: [string, string] = ["2026-03-16", "2026-03-22"];
    expect(areOthers(["2026-03-22"], week)).toBe(false);
    expect(areOthers(["2026-03-23"], week)).toBe(true);
    expect(areOthers([], week)).toBe(false);
    expect(areOthers(undefined, week)).toBe(false);
  });
});
