import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { send, triggersOf } from "./server";

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
