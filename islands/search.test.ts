import { describe, expect, it } from "vitest";
import { isSearchKey, nextOption } from "./search";

describe("nextOption", () => {
  it("goes round at both ends", () => {
    expect(nextOption(2, 3, "ArrowDown")).toBe(0);
    expect(nextOption(0, 3, "ArrowUp")).toBe(2);
    expect(nextOption(-1, 3, "ArrowUp")).toBe(2);
  });

  it("starts at the first, and finds none in an empty list", () => {
    expect(nextOption(-1, 3, "ArrowDown")).toBe(0);
    expect(nextOption(-1, 0, "ArrowDown")).toBe(-1);
  });

  it("knows the ends and ignores other keys", () => {
    expect(nextOption(1, 3, "End")).toBe(2);
    expect(nextOption(1, 3, "Home")).toBe(0);
    expect(nextOption(1, 3, "x")).toBe(1);
  });
});

describe("isSearchKey", () => {
  const key = (name: string, more: KeyboardEventInit = {}) =>
    new KeyboardEvent("keydown", { key: name, bubbles: true, ...more });

  it("answers the slash and Ctrl+K", () => {
    expect(isSearchKey(key("/"))).toBe(true);
    expect(isSearchKey(key("k", { ctrlKey: true }))).toBe(true);
    expect(isSearchKey(key("K", { metaKey: true }))).toBe(true);
    expect(isSearchKey(key("k"))).toBe(false);
  });

  it("leaves the slash to a field that is being typed in", () => {
    const input = document.body.appendChild(document.createElement("input"));
    let asked = true;
    input.addEventListener("keydown", (event) => {
      asked = isSearchKey(event);
    });
    input.dispatchEvent(key("/"));
    expect(asked).toBe(false);
  });
});
