import { expect, test } from "vitest";
import { Desk } from "./desk";
import { type Change, Mouth, type Step, type Typing } from "./mouth";

const TEETH = [12, 11, 21, 22];
const out = TEETH.flatMap((tooth): Step[] =>
  (tooth < 20 ? ["DV", "V", "MV"] : ["MV", "V", "DV"]).map((site) => [tooth, site] as const),
);
const inside = out.map(([tooth, site]): Step => [tooth, site.replace("V", "L")]);

function typing(): Typing {
  return {
    exam: "x",
    urls: { values: "", state: "", chart: "" },
    path: [...out, ...[...inside].reverse()],
    entrances: [],
    rows: [out, inside],
    sound: false,
    bounds: { depth: [0, 15], recession: [-9, 15] },
    refusals: { depth: "De 0 à 15.", recession: "De −9 à 15.", absent: "La {tooth} est absente." },
    teeth: {},
    values: { teeth: { 21: { presence: "missing", mobility: null, furcation: {} } }, sites: {} },
  };
}

function desk(): [Desk, Mouth] {
  const data = typing();
  const mouth = new Mouth(data.values);
  return [new Desk(data, mouth), mouth];
}

test("digits walk the path and step over an absent tooth", () => {
  const [it, mouth] = desk();
  for (const digit of [3, 2, 3, 4, 2, 3]) it.digit(digit);
  expect(it.at).toEqual([22, "MV"]);
  expect(mouth.get(11, "DV", "depth")).toBe(4);
  for (let step = 0; step < 12; step += 1) it.digit(2);
  expect(it.at).toBeNull();
  expect(it.digit(2).changes).toEqual([]);
});

test("plus adds ten to the next digit alone, and too much is refused in place", () => {
  const [it, mouth] = desk();
  it.arm("tens");
  it.digit(2);
  expect(mouth.get(12, "DV", "depth")).toBe(12);
  it.arm("tens");
  const refused = it.digit(6);
  expect(refused).toEqual({ changes: [], refused: "De 0 à 15." });
  expect(it.at).toEqual([12, "V"]);
  it.digit(3);
  expect(mouth.get(12, "V", "depth")).toBe(3);
});

test("signs go to the place typed last, until the probe is moved", () => {
  const [it, mouth] = desk();
  it.digit(5);
  it.sign("bleeding");
  expect(mouth.get(12, "DV", "bleeding")).toBe(true);
  it.sign("bleeding");
  expect(mouth.get(12, "DV", "bleeding")).toBe(false);
  it.arrow("right");
  it.sign("plaque");
  expect(mouth.get(12, "MV", "plaque")).toBe(true);
});

test("backspace goes back and empties, also from the end of the path", () => {
  const [it, mouth] = desk();
  for (let step = 0; step < 18; step += 1) it.digit(3);
  const { changes } = it.back();
  expect(changes).toEqual([{ tooth: 12, site: "DL", field: "depth", value: null, was: [3] }]);
  expect(it.at).toEqual([12, "DL"]);
  it.digit(6);
  expect(mouth.get(12, "DL", "depth")).toBe(6);
  const [other] = desk();
  expect(other.back().changes).toEqual([]);
});

test("undo gives back what was there and where the probe was", () => {
  const [it, mouth] = desk();
  it.digit(3);
  it.digit(4);
  it.undo();
  expect(it.at).toEqual([12, "V"]);
  expect(mouth.get(12, "V", "depth")).toBeNull();
  it.presence("missing");
  expect(it.at).toEqual([11, "DV"]);
  it.undo();
  expect([it.at, mouth.presence(12)]).toEqual([[12, "V"], "present"]);
  it.undo();
  expect(it.undo().changes).toEqual([]);
});

test("a recession may be below zero, and the attachment is computed", () => {
  const [it, mouth] = desk();
  it.digit(3);
  it.switchTo("recession");
  expect(it.at).toEqual([12, "DV"]);
  it.arm("minus");
  it.digit(2);
  expect(mouth.attachment(12, "DV")).toBe(1);
  expect(mouth.attachment(12, "V")).toBeNull();
});

test("arrows step over absent teeth, sideways and across", () => {
  const [it] = desk();
  it.go([11, "MV"]);
  it.arrow("right");
  expect(it.at).toEqual([22, "MV"]);
  it.arrow("down");
  expect(it.at).toEqual([22, "ML"]);
  it.arrow("up");
  it.arrow("up");
  expect(it.at).toEqual([22, "MV"]);
  it.go([21, "V"]);
  expect(it.sign("plaque").refused).toBe("La 21 est absente.");
  it.presence("missing");
  expect(it.sign("plaque").changes).toHaveLength(1);
});

test("mobility goes tooth by tooth, and has its own bounds", () => {
  const [it, mouth] = desk();
  it.nextMode();
  it.nextMode();
  expect([it.mode, it.at]).toEqual(["mobility", [12, ""]]);
  it.digit(2);
  it.arrow("right");
  expect([mouth.get(12, "", "mobility"), it.at]).toEqual([2, [22, ""]]);
  expect(it.digit(4).changes).toEqual([]);
  it.switchTo("furcation");
  expect(it.at).toBeNull();
});

test("what is on its way stays over what the server says", () => {
  const mouth = new Mouth(typing().values);
  const waiting: Change[] = [{ tooth: 12, site: "V", field: "depth", value: 7 }];
  mouth.replace({ teeth: {}, sites: { "12V": [3, 1, true, false, false] } }, waiting);
  expect(mouth.get(12, "V", "depth")).toBe(7);
  expect(mouth.attachment(12, "V")).toBe(8);
  expect(mouth.get(12, "V", "bleeding")).toBe(true);
});
