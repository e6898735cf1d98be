import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { Draft, startDrafts } from "./drafts";
import { leaving } from "./leaving";

vi.mock("htmx.org", () => ({ default: {} }));

let area: HTMLTextAreaElement;
/** Who pressed, each time that the form left the page. */
const left: (HTMLElement | null)[] = [];

beforeAll(() => {
  startDrafts();
  // The browser of the tests goes nowhere.
  window.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) left.push(event.submitter);
    event.preventDefault();
  });
});

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(new Date(2026, 2, 17, 14, 32));
  sessionStorage.clear();
  document.body.innerHTML =
    '<form><textarea id="note" data-draft="note:1" data-draft-url="/brouillon/">Vu.</textarea></form>';
  area = document.querySelector("textarea") as HTMLTextAreaElement;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function type(text: string): void {
  area.value = text;
  area.dispatchEvent(new Event("input"));
}

const said = () => document.querySelector(".draft-state")?.textContent;

it("saves once typing pauses, and says when", async () => {
  const fetched = vi.fn((_url: string, _init: RequestInit) => Promise.resolve({ ok: true }));
  vi.stubGlobal("fetch", fetched);
  new Draft(area);
  type("Vu. Carie");
  type("Vu. Carie 16");
  await vi.advanceTimersByTimeAsync(800);
  expect(fetched).toHaveBeenCalledTimes(1);
  expect(String(fetched.mock.calls[0]?.[1].body)).toBe("key=note%3A1&text=Vu.+Carie+16");
  expect(said()).toBe("Brouillon enregistré à 14 h 32");
  expect(sessionStorage.getItem("draft::note:1")).toBeNull();
});

it("keeps the text here while the server is out of reach, then sends it", async () => {
  const answers = [() => Promise.reject(new Error("down")), () => Promise.resolve({ ok: true })];
  vi.stubGlobal("fetch", () => answers.shift()?.());
  new Draft(area);
  type("Texte long");
  await vi.advanceTimersByTimeAsync(800);
  expect(sessionStorage.getItem("draft::note:1")).toBe("Texte long");
  expect(said()).toContain("gardé sur ce poste");
  await vi.advanceTimersByTimeAsync(5000);
  expect(said()).toContain("Brouillon enregistré");
});

it("gives back what was kept here", () => {
  sessionStorage.setItem("draft::note:1", "Repris");
  new Draft(area);
  expect(area.value).toBe("Repris");
});

describe("a form that leaves the page", () => {
  const ok = () => Promise.resolve({ ok: true });
  const down = () => Promise.reject(new Error("down"));
  const answer = (status: number) => () =>
    Promise.resolve({ ok: false, status, json: () => Promise.resolve({}) });
  const passed = () => vi.advanceTimersByTimeAsync(10);

  function start(how: (url?: string, init?: RequestInit) => Promise<unknown>) {
    left.length = 0;
    area.form?.insertAdjacentHTML("beforeend", '<button name="anyway" value="1">Signer</button>');
    const fetched = vi.fn(how);
    vi.stubGlobal("fetch", fetched);
    document.body.dispatchEvent(new Event("htmx:afterSettle"));
    return fetched;
  }
  const press = () => document.querySelector<HTMLButtonElement>("[name=anyway]")?.click();

  it("leaves once its draft is on the server, with its button, and sends nothing after", async () => {
    const fetched = start(ok);
    type("Texte");
    press();
    press();
    expect(left).toEqual([]);
    await passed();
    expect(left.map((one) => one?.getAttribute("name"))).toEqual(["anyway"]);
    expect(sessionStorage.length).toBe(0);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  it("leaves at once when nothing is left to send", () => {
    const fetched = start(ok);
    press();
    expect(left.length).toBe(1);
    expect(fetched).not.toHaveBeenCalled();
  });

  it("stays while the server is out of reach, with what was typed, and leaves afterwards", async () => {
    start(down);
    type("Texte long");
    press();
    await passed();
    expect(left).toEqual([]);
    expect(sessionStorage.getItem("draft::note:1")).toBe("Texte long");
    expect(said()).toContain("gardé sur ce poste");
    vi.stubGlobal("fetch", ok);
    press();
    await passed();
    expect(left.length).toBe(1);
    expect(sessionStorage.length).toBe(0);
  });

  const told = () => document.getElementById("toasts")?.textContent ?? "";

  it.each([
    [423, ""],
    [429, "Trop de demandes"],
    [500, "Une erreur s’est produite"],
    [503, "Le serveur est occupé"],
  ])("stays while the server answers %i, and says why", async (status, why) => {
    document.body.insertAdjacentHTML("beforeend", '<div id="toasts"></div>');
    const again = vi.spyOn(leaving, "again").mockReturnValue();
    start(answer(status));
    type("Texte long");
    press();
    await passed();
    expect(left).toEqual([]);
    expect(sessionStorage.getItem("draft::note:1")).toBe("Texte long");
    expect(told()).toContain(why);
    expect(told()).not.toContain("Le serveur ne répond pas");
    // The page that is asked for again is the one to come back to, once it is unlocked.
    expect(again).toHaveBeenCalledTimes(status === 423 ? 1 : 0);
    again.mockRestore();
  });

  it("says that the server is out of reach when it gave no answer", async () => {
    document.body.insertAdjacentHTML("beforeend", '<div id="toasts"></div>');
    start(down);
    type("Texte long");
    press();
    await passed();
    expect(told()).toContain("Le serveur ne répond pas");
  });

  it("leaves for the login once nobody is logged in, with what was typed kept here", async () => {
    const fetched = start((_url?: string, init?: RequestInit) => {
      // Without this header the login is a page to go to, and the draft would never hear of it.
      const isAsked = new Headers(init?.headers).get("HX-Request") === "true";
      return isAsked ? answer(401)() : Promise.reject(new TypeError("redirect"));
    });
    type("Texte long");
    press();
    await passed();
    expect(fetched).toHaveBeenCalledTimes(1);
    expect(left.length).toBe(1);
    expect(sessionStorage.getItem("draft::note:1")).toBe("Texte long");
  });

  it("leaves when a page refuses the draft of a tablet that lost its link", async () => {
    const page = { ok: false, status: 409, json: () => Promise.reject(new SyntaxError("<")) };
    start(() => Promise.resolve(page));
    type("Texte long");
    press();
    await passed();
    expect(left.length).toBe(1);
  });

  it.each([400, 404, 409, 413])("leaves when no draft is kept: %i", async (status) => {
    start(answer(status));
    type("Texte long");
    press();
    await passed();
    expect(left.length).toBe(1);
    expect(sessionStorage.getItem("draft::note:1")).toBe("Texte long");
  });

  it("goes with what is typed while its draft is on its way", async () => {
    const bodies: string[] = [];
    start(() => {
      if (bodies.length === 0) area.value = "Texte long";
      bodies.push("one");
      return ok();
    });
    type("Texte");
    press();
    await passed();
    expect(bodies.length).toBe(2);
    expect(left.length).toBe(1);
  });
});

describe("a form that htmx sends", () => {
  const tell = (name: string, xhr: object = {}) =>
    document.body.dispatchEvent(
      new CustomEvent(`htmx:${name}`, { detail: { elt: area.form, xhr } }),
    );

  beforeEach(() => {
    vi.stubGlobal("fetch", () => Promise.resolve({ ok: true }));
    area.form?.setAttribute("hx-post", "/note/");
    document.body.dispatchEvent(new Event("htmx:afterSettle"));
    type("Texte long");
    tell("beforeSend");
  });

  it("keeps what was typed until it is answered", async () => {
    expect(sessionStorage.getItem("draft::note:1")).toBe("Texte long");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sessionStorage.getItem("draft::note:1")).toBe("Texte long");
    tell("beforeOnLoad", { status: 200, responseText: "<section>" });
    expect(sessionStorage.length).toBe(0);
  });

  it.each([204, 409, 422])("forgets what is saved, or drawn again: %i", (status) => {
    tell("beforeOnLoad", { status, responseText: "" });
    expect(sessionStorage.length).toBe(0);
  });

  it.each([
    ["sendError", {}],
    ["timeout", {}],
    ["beforeOnLoad", { status: 503, responseText: "" }],
    ["beforeOnLoad", { status: 423, responseText: "" }],
    ["beforeOnLoad", { status: 200, responseText: '<body class="public">' }],
  ])("makes it a draft again when it did not arrive: %s %j", async (name, xhr) => {
    tell(name, xhr);
    expect(sessionStorage.getItem("draft::note:1")).toBe("Texte long");
    expect(said()).toContain("gardé sur ce poste");
    await vi.advanceTimersByTimeAsync(5000);
    expect(said()).toContain("Brouillon enregistré");
    expect(sessionStorage.length).toBe(0);
  });
});

it("follows the version of what several people write, and never overwrites theirs", async () => {
  area.dataset.draftVersion = "1";
  const answers = [
    { ok: true, status: 204, headers: new Headers({ "X-Draft-Version": "2" }) },
    { ok: false, status: 409, json: () => Promise.resolve({ error: "Rien n’a été écrasé." }) },
  ];
  const fetched = vi.fn((_url: string, _init: RequestInit) => Promise.resolve(answers.shift()));
  vi.stubGlobal("fetch", fetched);
  new Draft(area);
  type("Un");
  await vi.advanceTimersByTimeAsync(800);
  expect(area.dataset.draftVersion).toBe("2");
  type("Deux");
  await vi.advanceTimersByTimeAsync(800);
  expect(String(fetched.mock.calls[1]?.[1].body)).toBe("key=note%3A1&version=2&text=Deux");
  expect(said()).toBe("Rien n’a été écrasé.");
  expect(area.value).toBe("Deux");
  expect(document.querySelector(".draft-state + button")?.textContent).toContain("Relire la note");
});

function shared(version: string, text: string): void {
  area.remove();
  area.value = text;
  area.dataset.draftVersion = version;
  document.querySelector("form")?.append(area);
}

const beside = () => document.querySelector<HTMLTextAreaElement>("[data-beside] textarea")?.value;

it("puts back and sends what was typed against the version that still stands", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new Error("down")));
  shared("5", "Vu.");
  new Draft(area);
  type("Vu. Bob");
  await vi.advanceTimersByTimeAsync(800);
  document.querySelector(".draft-state")?.remove();
  shared("5", "Vu.");
  new Draft(area);
  expect(area.value).toBe("Vu. Bob");
  expect(beside()).toBeUndefined();
});

it("never puts what was refused over the words of somebody else: it stands beside", async () => {
  const refused = { ok: false, status: 409, json: () => Promise.resolve({ error: "Relisez." }) };
  const fetched = vi.fn((_url: string, _init: RequestInit) => Promise.resolve(refused));
  vi.stubGlobal("fetch", fetched);
  shared("5", "Vu.");
  new Draft(area);
  type("Vu. Bob");
  await vi.advanceTimersByTimeAsync(800);
  document.querySelector(".draft-state")?.remove();
  shared("6", "Vu. Alice");
  new Draft(area);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(fetched).toHaveBeenCalledTimes(1);
  expect(area.value).toBe("Vu. Alice");
  expect(beside()).toBe("Vu. Bob");
  expect(said()).toContain("Rien n’est écrasé");
  // Loaded once more it is still there; said to be taken up, it goes.
  document.querySelector("[data-beside]")?.remove();
  shared("7", "Vu. Alice, encore");
  new Draft(area);
  expect(beside()).toBe("Vu. Bob");
  document.querySelector<HTMLButtonElement>("[data-beside] button")?.click();
  expect(beside()).toBeUndefined();
  expect(sessionStorage.length).toBe(0);
});

it("says nothing of a text that is in the note already", () => {
  shared("6", "Vu. Bob. Alice.");
  sessionStorage.setItem("shared::note:1", JSON.stringify({ text: "Vu. Bob.", version: "5" }));
  new Draft(area);
  expect(beside()).toBeUndefined();
  expect(sessionStorage.length).toBe(0);
});
