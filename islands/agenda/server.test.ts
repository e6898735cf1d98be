import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { leaving } from "../leaving";
import { fetchFeed, send, triggersOf } from "./server";

// It looks for its attributes with XPath, which the browser of the tests lacks.
vi.mock("htmx.org", () => ({ default: { ajax: vi.fn() } }));

beforeEach(() => {
  document.body.innerHTML = '<div id="toasts"></div>';
});

afterEach(() => {
  vi.unstubAllGlobals();
});

function answers(status: number, headers: Record<string, string> = {}): void {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(null, { status, headers })));
}

test("what the server asks the page for is read, or is nothing", () => {
  expect(triggersOf('{"toast": {"text": "Déplacé."}}')).toEqual({ toast: { text: "Déplacé." } });
  expect(triggersOf("agenda:changed")).toEqual({});
  expect(triggersOf(null)).toEqual({});
});

test("a change that was made fires what the server says", async () => {
  answers(204, { "HX-Trigger": '{"agenda:changed": {"day": "2026-03-17"}}' });
  const heard = vi.fn();
  document.body.addEventListener("agenda:changed", heard, { once: true });
  const answer = await send("/x/", new URLSearchParams());
  expect(answer.isDone).toBe(true);
  expect(heard).toHaveBeenCalledOnce();
});

test("a refusal in words is told by the server's own words", async () => {
  answers(409, { "HX-Trigger": '{"agenda:anyway": "Fermé."}' });
  const answer = await send("/x/", new URLSearchParams());
  expect(answer.isDone).toBe(false);
  expect(answer.triggers["agenda:anyway"]).toBe("Fermé.");
  expect(document.querySelector(".toast")).toBeNull();
});

test("a refusal without words is told by its number", async () => {
  answers(403);
  const answer = await send("/x/", new URLSearchParams());
  expect(answer.isDone).toBe(false);
  expect(document.querySelector(".toast")?.textContent).toContain("Votre rôle");
});

test("a server that does not answer is told, and nothing is thrown", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("offline")));
  const answer = await send("/x/", new URLSearchParams());
  expect(answer).toEqual({ isDone: false, status: 0, triggers: {} });
  expect(document.querySelector(".toast")?.textContent).toContain("ne répond pas");
});

test("a page that is sent to the lock asks again by itself, and says nothing", async () => {
  const again = vi.spyOn(leaving, "again").mockReturnValue();
  const to = vi.spyOn(leaving, "to").mockReturnValue();
  answers(423, { "HX-Redirect": "/poste/verrou/" });
  expect(await fetchFeed("/x/", {})).toBeNull();
  expect(again).toHaveBeenCalledOnce();
  expect((await send("/x/", new URLSearchParams())).status).toBe(423);
  expect(to).toHaveBeenCalledWith("/poste/verrou/");
  expect(document.querySelector(".toast")).toBeNull();
});

test("days that cannot be read just now are asked for again by who shows them", async () => {
  answers(423);
  await expect(fetchFeed("/x/", {})).rejects.toThrow("423");
});
