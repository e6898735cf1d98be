import { expect, test } from "vitest";
import { commandOf, jumpOf, STATUS_OF } from "./keys";

const pressed = (key: string, held: object = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
});

test("letters of the grid speak only inside it", () => {
  expect(commandOf(pressed("a"), true)).toBe("arrived");
  expect(commandOf(pressed("a"), false)).toBeNull();
  expect(commandOf(pressed("A"), true)).toBe("arrived");
  expect(commandOf(pressed("Enter"), false)).toBeNull();
});

test("keys of the page speak everywhere", () => {
  expect(commandOf(pressed("?"), false)).toBe("help");
  expect(commandOf(pressed("PageDown"), true)).toBe("next");
});

test("keys of the browser are left to it", () => {
  expect(commandOf(pressed("p", { ctrlKey: true }), true)).toBeNull();
  expect(commandOf(pressed("f", { metaKey: true }), true)).toBeNull();
});

test("each step of an appointment has the name that the server gives it", () => {
  expect(STATUS_OF.seated).toBe("in_chair");
  expect(STATUS_OF.help).toBeUndefined();
});

test("pages turn by a day or by a week, as the view shows", () => {
  expect(jumpOf("next", false)).toBe("+1d");
  expect(jumpOf("next", true)).toBe("+7d");
  expect(jumpOf("previous", true)).toBe("-7d");
  expect(jumpOf("sixMonths", false)).toBe("+6m");
  expect(jumpOf("pin", false)).toBeNull();
});
