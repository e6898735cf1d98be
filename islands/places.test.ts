import { expect, test } from "vitest";
import { nextPlace, placesOf } from "./places";

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
