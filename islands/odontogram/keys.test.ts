import { expect, test } from "vitest";
import { commandOf, freeCommandOf, type Pressed, pageCommandOf, stepOf } from "./keys";

const pressed = (key: string, more: Partial<Pressed> = {}): Pressed => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

test("digits take tools, letters set the status", () => {
  expect(commandOf(pressed("1"))).toEqual({ do: "tool", digit: 1 });
  expect(commandOf(pressed("0"))).toBeNull();
  expect(commandOf(pressed("F"))).toEqual({ do: "status", status: "planned" });
});

test("surfaces go by the letters that dentists say", () => {
  const said = ["M", "o", "D", "v", "P", "L", "I"].map((key) => commandOf(pressed(key)));
  expect(said.map((one) => one?.do === "surface" && one.surface)).toEqual([..."MODVLLO"]);
});

test("arrows walk, and choose on the way with the shift key", () => {
  expect(commandOf(pressed("ArrowLeft"))).toEqual({ do: "walk", way: "left", extends: false });
  expect(commandOf(pressed("End", { shiftKey: true }))).toEqual({
    do: "walk",
    way: "last",
    extends: true,
  });
});

test("undo and redo by the usual keys, and nothing else with Ctrl", () => {
  const ctrl = (key: string, shiftKey = false) =>
    commandOf(pressed(key, { ctrlKey: true, shiftKey }));
  expect(ctrl("z")).toEqual({ do: "undo" });
  expect(ctrl("Z", true)).toEqual({ do: "redo" });
  expect(ctrl("y")).toEqual({ do: "redo" });
  expect(ctrl("c")).toBeNull();
  expect(commandOf(pressed("c", { altKey: true }))).toBeNull();
});

test("the line and the help answer from anywhere on the page", () => {
  expect(pageCommandOf(pressed("e"))).toEqual({ do: "line" });
  expect(pageCommandOf(pressed(":"))).toEqual({ do: "line" });
  expect(pageCommandOf(pressed("?"))).toEqual({ do: "help" });
  expect(pageCommandOf(pressed("1"))).toBeNull();
  expect(pageCommandOf(pressed("e", { ctrlKey: true }))).toBeNull();
});

test("when nothing has the keyboard, tools and undo answer; what moves the page is left to it", () => {
  expect(freeCommandOf(pressed("2"))).toEqual({ do: "tool", digit: 2 });
  expect(freeCommandOf(pressed("f"))).toEqual({ do: "status", status: "planned" });
  expect(freeCommandOf(pressed("z", { ctrlKey: true }))).toEqual({ do: "undo" });
  expect(freeCommandOf(pressed("e"))).toEqual({ do: "line" });
  for (const key of ["ArrowDown", " ", "Enter"]) expect(freeCommandOf(pressed(key))).toBeNull();
});

test("in the empty line, only undo and redo are the chart's", () => {
  expect(stepOf(pressed("z", { ctrlKey: true }))).toEqual({ do: "undo" });
  expect(stepOf(pressed("y", { ctrlKey: true }))).toEqual({ do: "redo" });
  for (const key of ["2", "o", "Enter", "e"]) expect(stepOf(pressed(key))).toBeNull();
});
