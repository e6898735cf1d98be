// @vitest-environment jsdom
import htmx from "htmx.org";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { flushKeptForms, startKeptForms } from "./keptforms";

vi.mock("htmx.org", () => ({ default: { ajax: vi.fn(), trigger: vi.fn() } }));

const draw = (version: number, dose = ""): HTMLFormElement => {
  document.body.innerHTML = `<div data-beside-place="prescription:1"></div>
    <form data-kept-form="prescription:1" action="/ordonnances/1/">
      <input type="hidden" name="csrfmiddlewaretoken" value="secret">
      <input type="hidden" name="version" value="${version}">
      <input name="l-0-dose" value="${dose}"></form>`;
  document.body.dispatchEvent(new Event("htmx:afterSettle"));
  return document.querySelector("form") as HTMLFormElement;
};

const NAME = "form::prescription:1";

function type(form: HTMLFormElement, dose: string): void {
  const field = form.elements.namedItem("l-0-dose") as HTMLInputElement;
  field.value = dose;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function answer(elt: Element, status: number, sent = new FormData(), redirect = ""): void {
  const xhr = { status, getResponseHeader: () => redirect || null };
  const detail = { xhr, requestConfig: { elt, formData: sent } };
  document.body.dispatchEvent(new CustomEvent("htmx:beforeOnLoad", { detail }));
}

beforeEach(startKeptForms);
afterEach(() => {
  sessionStorage.clear();
  vi.clearAllMocks();
});

it("forgets what the server took", () => {
  const form = draw(1);
  type(form, "1 gélule");
  expect(sessionStorage.getItem(NAME)).toContain("1 gélule");
  expect(sessionStorage.getItem(NAME)).not.toContain("secret");
  answer(form, 200, new FormData(form));
  expect(sessionStorage.getItem(NAME)).toBeNull();
});

it.each([204, 422, 423, 500])("keeps what the server did not take (%i)", (status) => {
  const form = draw(1);
  type(form, "1 gélule");
  answer(form, status, new FormData(form), status === 423 ? "/verrou/" : "");
  expect(sessionStorage.getItem(NAME)).toContain("1 gélule");
});

it("keeps what was typed while the answer was on its way, with the state that came", () => {
  const form = draw(1);
  type(form, "1");
  const sent = new FormData(form);
  type(form, "1 gélule");
  answer(form, 200, sent);
  (form.elements.namedItem("version") as HTMLInputElement).value = "2";
  document.body.dispatchEvent(new Event("htmx:afterSettle"));
  expect(JSON.parse(sessionStorage.getItem(NAME) ?? "")).toEqual({
    version: "2",
    "l-0-dose": "1 gélule",
  });
});

it("puts back what waited after a reload, and sends it", () => {
  type(draw(1), "1 gélule");
  const form = draw(1);
  expect((form.elements.namedItem("l-0-dose") as HTMLInputElement).value).toBe("1 gélule");
  expect(htmx.trigger).toHaveBeenCalledWith(form, "change", {});
  expect(htmx.ajax).not.toHaveBeenCalled();
});

it("never puts it over what somebody else wrote: the server shows it beside", () => {
  type(draw(1), "1 gélule");
  const form = draw(2, "2 comprimés");
  expect((form.elements.namedItem("l-0-dose") as HTMLInputElement).value).toBe("2 comprimés");
  const place = document.querySelector("[data-beside-place]") as Element;
  const values = { version: "1", "l-0-dose": "1 gélule" };
  expect(htmx.ajax).toHaveBeenCalledWith("post", form.action, {
    source: place,
    swap: "none",
    values,
  });
  expect(htmx.trigger).not.toHaveBeenCalled();
  answer(place, 409);
  expect(sessionStorage.getItem(NAME)).toBeNull();
});

it("sends no second time what was refused as it was typed", () => {
  const form = draw(1);
  type(form, "beaucoup");
  answer(form, 422, new FormData(form));
  // The server drew the form again, with what is wrong in it.
  const again = draw(1, "beaucoup");
  expect(htmx.trigger).not.toHaveBeenCalled();
  type(again, "2");
  window.dispatchEvent(new Event("online"));
  expect(htmx.trigger).toHaveBeenCalledWith(again, "change", {});
});

it("sends again once the network is back", () => {
  const form = draw(1);
  type(form, "1 gélule");
  window.dispatchEvent(new Event("online"));
  expect(htmx.trigger).toHaveBeenCalledWith(form, "change", {});
});

it("takes nothing for refused that was typed while the refusal was on its way", () => {
  const form = draw(1);
  type(form, "beaucoup");
  const sent = new FormData(form);
  type(form, "2 gélules");
  answer(form, 422, sent);
  const again = draw(1, "beaucoup");
  expect((again.elements.namedItem("l-0-dose") as HTMLInputElement).value).toBe("2 gélules");
  expect(htmx.trigger).toHaveBeenCalledWith(again, "change", {});
});

it("shows what waits for a draft that was issued meanwhile, and forgets it once it is shown", () => {
  type(draw(1), "1 gélule");
  document.body.innerHTML = `<div data-beside-place="prescription:1" data-beside-from="/a-cote/"></div>`;
  document.body.dispatchEvent(new Event("htmx:afterSettle"));
  const place = document.querySelector("[data-beside-place]") as Element;
  const asked = {
    source: place,
    target: place,
    swap: "innerHTML",
    values: { version: "1", "l-0-dose": "1 gélule" },
  };
  expect(htmx.ajax).toHaveBeenCalledExactlyOnceWith("post", "/a-cote/", asked);
  // Asked once, unless the network comes back.
  document.body.dispatchEvent(new Event("htmx:afterSettle"));
  expect(htmx.ajax).toHaveBeenCalledOnce();
  answer(place, 423, new FormData(), "/verrou/");
  expect(sessionStorage.getItem(NAME)).toContain("1 gélule");
  window.dispatchEvent(new Event("online"));
  answer(place, 200);
  expect(sessionStorage.getItem(NAME)).toBeNull();
});

describe("a long text", () => {
  const long = (text: string): HTMLFormElement => {
    const form = draw(3);
    form.insertAdjacentHTML("beforeend", "<textarea name='body' data-kept-soon></textarea>");
    write(form, text);
    return form;
  };
  const write = (form: HTMLFormElement, text: string): void => {
    const body = form.elements.namedItem("body") as HTMLTextAreaElement;
    body.value = text;
    body.dispatchEvent(new Event("input", { bubbles: true }));
  };
  beforeEach(() => {
    vi.useFakeTimers();
    vi.mocked(htmx.trigger).mockClear();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("is saved when its typing pauses, without being left", () => {
    const form = long("Cher confrère");
    vi.advanceTimersByTime(1000);
    write(form, "Cher confrère, merci");
    vi.advanceTimersByTime(1000);
    expect(htmx.trigger).not.toHaveBeenCalled();
    vi.advanceTimersByTime(500);
    expect(vi.mocked(htmx.trigger).mock.calls).toEqual([[form, "change", {}]]);
  });

  it("is not saved empty, nor twice, nor once it was refused as it stands", () => {
    long(" ");
    vi.advanceTimersByTime(2000);
    sessionStorage.clear();
    const saved = long("Merci");
    answer(saved, 200, new FormData(saved));
    vi.advanceTimersByTime(2000);
    const wrong = long("{date}");
    answer(wrong, 422, new FormData(wrong));
    vi.advanceTimersByTime(2000);
    expect(htmx.trigger).not.toHaveBeenCalled();
  });

  it("leaves before the page is gone, and waits here until the server has it", async () => {
    const fetched = vi.fn((_url: string, _init: RequestInit) => Promise.resolve({ status: 200 }));
    vi.stubGlobal("fetch", () => Promise.reject(new Error("down")));
    long("Merci");
    await flushKeptForms();
    expect(sessionStorage.getItem(NAME)).toContain("Merci");
    vi.stubGlobal("fetch", fetched);
    await flushKeptForms();
    const [address, sent] = fetched.mock.calls[0] ?? [];
    expect(address).toContain("/ordonnances/1/");
    expect(sent?.keepalive).toBe(true);
    expect(String(sent?.body)).toBe("version=3&l-0-dose=&body=Merci");
    expect(sessionStorage.getItem(NAME)).toBeNull();
    await flushKeptForms();
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  it.each([204, 409, 423])("waits here when the server did not take it: %i", async (status) => {
    vi.stubGlobal("fetch", () => Promise.resolve({ ok: status === 204, status }));
    long("Merci");
    await flushKeptForms();
    expect(sessionStorage.getItem(NAME)).toContain("Merci");
  });
});
