import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Draft } from "./drafts";

let area: HTMLTextAreaElement;

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

it("sends nothing after the form was submitted", async () => {
  const fetched = vi.fn(() => Promise.resolve({ ok: true }));
  vi.stubGlobal("fetch", fetched);
  const draft = new Draft(area);
  type("Texte");
  area.form?.dispatchEvent(new Event("submit"));
  await draft.send(true);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(fetched).not.toHaveBeenCalled();
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
