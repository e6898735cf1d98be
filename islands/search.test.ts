import { describe, expect, it } from "vitest";
import { isAnswered, isSearchKey, nextOption, startSearch } from "./search";

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

describe("Enter before the answer", () => {
  Element.prototype.scrollIntoView ??= () => {};
  startSearch();

  function searchBox(): { box: HTMLInputElement; clicked: string[]; key: (name: string) => Event } {
    document.body.innerHTML =
      '<form class="search"><input name="q" id="q" data-search aria-controls="found">' +
      '<div id="found" hidden></div></form>';
    const box = document.querySelector("input") as HTMLInputElement;
    const clicked: string[] = [];
    document.addEventListener("click", (event) => {
      clicked.push((event.target as Element).textContent ?? "");
      event.preventDefault();
    });
    box.focus();
    const key = (name: string): Event => {
      const event = new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true });
      box.dispatchEvent(event);
      return event;
    };
    return { box, clicked, key };
  }

  function type(box: HTMLInputElement, value: string): void {
    box.value = value;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function answer(
    box: HTMLInputElement,
    words: string,
    steps = ["htmx:afterSwap", "htmx:afterSettle"],
  ): void {
    const list = document.getElementById("found") as HTMLElement;
    list.innerHTML = `<a role="option" href="#">${words}</a>`;
    const detail = { requestConfig: { elt: box, parameters: { q: words } } };
    for (const step of steps) {
      list.dispatchEvent(new CustomEvent(step, { bubbles: true, detail }));
    }
  }

  it("never takes an option of fewer words than were typed", () => {
    const { box, clicked, key } = searchBox();
    type(box, "16");
    answer(box, "16");
    expect(isAnswered(box)).toBe(true);
    type(box, "16 couronne");
    expect(key("Enter").defaultPrevented).toBe(true);
    expect(clicked).toEqual([]);
    answer(box, "16 cour");
    expect(clicked).toEqual([]);
    answer(box, "16 couronne");
    expect(clicked).toEqual(["16 couronne"]);
  });

  it("waits until the options that are drawn can be chosen", () => {
    const { box, clicked, key } = searchBox();
    type(box, "36 MOD");
    answer(box, "36 MOD", ["htmx:afterSwap"]);
    expect(key("Enter").defaultPrevented).toBe(true);
    expect(clicked).toEqual([]);
    answer(box, "36 MOD", ["htmx:afterSettle"]);
    expect(clicked).toEqual(["36 MOD"]);
  });

  it("gives up when one types on, or when the answer fails", () => {
    const { box, clicked, key } = searchBox();
    type(box, "26");
    key("Enter");
    type(box, "26 M");
    answer(box, "26 M");
    expect(clicked).toEqual([]);
    type(box, "26 MO");
    key("Enter");
    const detail = { requestConfig: { elt: box } };
    box.dispatchEvent(new CustomEvent("htmx:sendError", { bubbles: true, detail }));
    expect(key("Enter").defaultPrevented).toBe(false);
    expect(clicked).toEqual([]);
  });

  it("takes the first at once when the answer is there", () => {
    const { box, clicked, key } = searchBox();
    type(box, "46");
    answer(box, "46");
    expect(key("Enter").defaultPrevented).toBe(true);
    expect(clicked).toEqual(["46"]);
  });
});
