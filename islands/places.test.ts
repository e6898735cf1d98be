import { expect, test } from "vitest";
import { editsOf, nextPlace, placesOf } from "./places";

const TEXT = "Dent {dent} : {acte}. Teinte {teinte}.";

test("places are found in their order, and nothing else", () => {
  expect(placesOf(TEXT).map((one) => one.name)).toEqual(["{dent}", "{acte}", "{teinte}"]);
  expect(placesOf("{} { \n } {a{b}")).toMatchObject([{ name: "{b}" }]);
});

test("Tab goes to the next place and leaves after the last", () => {
  expect(nextPlace(TEXT, 0, 0, false)?.name).toBe("{dent}");
  expect(nextPlace(TEXT, 5, 11, false)?.name).toBe("{acte}");
  expect(nextPlace(TEXT, TEXT.length, TEXT.length, false)).toBeNull();
  expect(nextPlace(TEXT, 14, 20, true)?.name).toBe("{dent}");
});

test("a place is filled once it is known, and its words follow", () => {
  const filled = (text: string, was: Record<string, string>, now: Record<string, string>) =>
    editsOf(text, was, now).reduce(
      (all, { start, end, words }) => all.slice(0, start) + words + all.slice(end),
      text,
    );
  const one = { anesthesique: "Articaïne, 68 mg" };
  const two = { anesthesique: "Articaïne, 68 mg ; Articaïne, 34 mg" };
  expect(filled("A : {anesthesique}. {teinte}", {}, one)).toBe("A : Articaïne, 68 mg. {teinte}");
  expect(filled("A : Articaïne, 68 mg.", one, two)).toBe(`A : ${two.anesthesique}.`);
  expect(filled("A : Articaïne, 68 mg.", one, { anesthesique: "" })).toBe("A : {anesthesique}.");
  expect(filled("A : {anesthesique}.", {}, { anesthesique: "" })).toBe("A : {anesthesique}.");
  expect(filled("à la main", one, two)).toBe("à la main");
});
