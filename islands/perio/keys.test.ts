import { expect, test } from "vitest";
import { type Armed, commandOf } from "./keys";

const free: Armed = { mode: "depth", tens: false, minus: false };
const press = (key: string, armed: Partial<Armed> = {}, more: object = {}) =>
  commandOf(
    { key, code: "", ctrlKey: false, metaKey: false, altKey: false, ...more },
    { ...free, ...armed },
  );

test("the row of digits types digits on a French keyboard too", () => {
  expect(press("è", {}, { code: "Digit7" })).toEqual({ kind: "digit", digit: 7 });
  expect(press("7", {}, { code: "Numpad7" })).toEqual({ kind: "digit", digit: 7 });
});

test("signs have a letter and a key of the keypad", () => {
  for (const key of ["s", "S", " ", ".", ","]) {
    expect(press(key)).toEqual({ kind: "sign", sign: "bleeding" });
  }
  expect(press("*")).toEqual(press("p"));
  expect(press("/")).toEqual(press("u"));
});

test("minus goes back, but is a sign where a recession is typed", () => {
  expect(press("-")).toEqual({ kind: "back" });
  expect(press("-", { mode: "recession" })).toEqual({ kind: "minus" });
  expect(press("-", { mode: "recession", minus: true })).toEqual({ kind: "back" });
});

test("after plus the keypad alone does what letters do", () => {
  expect(press("Enter", { tens: true })).toEqual({ kind: "nextMode" });
  expect(press(".", { tens: true })).toEqual({ kind: "presence", presence: "missing" });
  expect(press("-", { tens: true })).toEqual({ kind: "undo" });
  expect(press("Enter")).toEqual({ kind: "skip" });
});

test("keys of the browser are left to it", () => {
  expect(press("Tab")).toBeNull();
  expect(press("r", {}, { ctrlKey: true })).toBeNull();
  expect(press("z", {}, { ctrlKey: true })).toEqual({ kind: "undo" });
  expect(press("a", {}, { altKey: true })).toBeNull();
});
