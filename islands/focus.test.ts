// @vitest-environment jsdom
import { beforeAll, beforeEach, expect, it } from "vitest";
import { startFocus, trailOf } from "./focus";

const ROWS = `<table><tbody><tr tabindex="0"><td><a href="/examens/1/">12 mai</a></td></tr>
  <tr tabindex="-1"><td><a href="/examens/2/">3 mars</a></td></tr></tbody></table>
  <button name="what" value="one">One</button><button name="what" value="two">Two</button>
  <form action="/actes/1/retablir/"><button type="submit">Restore</button></form>`;

function tell(name: string, target: Element): void {
  document.body.dispatchEvent(new CustomEvent(name, { detail: { target } }));
}

/** Replace the list as htmx does when another screen has changed it. */
function swap(drawn = ROWS): void {
  const list = document.getElementById("list") as HTMLElement;
  tell("htmx:beforeSwap", list);
  list.outerHTML = `<div id="list">${drawn}</div>`;
  tell("htmx:afterSwap", document.getElementById("list") as HTMLElement);
}

const held = (): Element => document.activeElement as Element;

beforeAll(() => {
  // jsdom has no CSS.escape: what these tests name needs none.
  globalThis.CSS ??= { escape: (text: string) => text } as unknown as typeof CSS;
  startFocus();
});

beforeEach(() => {
  document.body.innerHTML = `<div id="list">${ROWS}</div><a href="/ailleurs/">Elsewhere</a>`;
});

function focus(selector: string): Element {
  const found = document.querySelector<HTMLElement>(selector) as HTMLElement;
  found.focus();
  return found;
}

it("keeps a link, a button and a row under the keys", () => {
  for (const selector of ['a[href="/examens/2/"]', "button[value=two]", "tr[tabindex='0']"]) {
    const before = focus(selector);
    expect(held()).toBe(before);
    swap();
    expect(held()).not.toBe(before);
    expect(held().outerHTML).toBe(before.outerHTML);
  }
});

it("keeps the only button of a form, also in a region without a name", () => {
  for (const isNamed of [true, false]) {
    const before = focus("form[action='/actes/1/retablir/'] button");
    const list = before.closest("div") as HTMLElement;
    if (!isNamed) list.removeAttribute("id");
    tell("htmx:beforeSwap", list);
    if (isNamed) list.outerHTML = `<div id="list">${ROWS}</div>`;
    else list.innerHTML = ROWS;
    tell("htmx:afterSwap", document.querySelector("div") as HTMLElement);
    expect(held()).not.toBe(before);
    expect(held().outerHTML).toBe(before.outerHTML);
  }
});

it("keeps the button of a form and the line of a folded part under the keys", () => {
  const drawn = `<form action="/maintenances/1/finir/"><button type="submit">Finir</button></form>
    <details data-kept="one"><summary tabindex="0">Un</summary></details>`;
  for (const selector of ["form button", "summary"]) {
    document.body.innerHTML = `<div id="list">${drawn}</div>`;
    const before = focus(selector);
    swap(drawn);
    expect(held()).not.toBe(before);
    expect(held().outerHTML).toBe(before.outerHTML);
  }
});

it("keeps the focus in a part that the same answer replaces beside the list", () => {
  document.body.innerHTML += '<p id="above"><a href="/machines/1/">Une</a></p>';
  const before = focus('a[href="/machines/1/"]');
  const above = document.getElementById("above") as HTMLElement;
  tell("htmx:beforeSwap", document.getElementById("list") as HTMLElement);
  tell("htmx:oobBeforeSwap", above);
  above.replaceWith(above.cloneNode(true));
  tell("htmx:oobAfterSwap", document.getElementById("above") as HTMLElement);
  expect(held()).not.toBe(before);
  expect(held().outerHTML).toBe(before.outerHTML);
});

it("leaves the focus where it is when it was elsewhere, or when the line is gone", () => {
  const elsewhere = focus('a[href="/ailleurs/"]');
  swap();
  expect(held()).toBe(elsewhere);
  focus('a[href="/examens/2/"]');
  swap("<p>Nothing left</p>");
  expect(held()).toBe(document.body);
});

it("finds nothing where nothing names the place", () => {
  expect(trailOf(document.createElement("span"))).toBeNull();
});
