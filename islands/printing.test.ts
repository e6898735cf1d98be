// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { startPrinting } from "./printing";

const fetched = vi.fn();
const print = vi.fn();
const pages = (): HTMLElement => document.querySelector("[data-printed]") as HTMLElement;
const answering =
  (mention: string, standing = "") =>
  async () =>
    Response.json({ mention, standing });

// The page is wired once, as in a browser.
document.body.innerHTML = `<main data-printed="/documents/1/imprime/"></main>`;
startPrinting();

beforeEach(() => {
  vi.stubGlobal("fetch", fetched);
  vi.stubGlobal("print", print);
  pages().innerHTML = `<button data-print>Imprimer</button><div data-mentions></div><img alt="page 1">`;
  fetched.mockReset();
  print.mockReset();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const press = (): void => document.querySelector<HTMLElement>("[data-print]")?.click();

it("asks before it prints, and notes one print once", async () => {
  fetched.mockImplementation(answering(""));
  print.mockImplementation(() => window.dispatchEvent(new Event("beforeprint")));
  expect(fetched).not.toHaveBeenCalled();
  press();
  press();
  expect(print).not.toHaveBeenCalled();
  await vi.waitFor(() => expect(print).toHaveBeenCalledOnce());
  expect(fetched).toHaveBeenCalledExactlyOnceWith(
    "/documents/1/imprime/",
    expect.objectContaining({ method: "POST", keepalive: true }),
  );
  expect(pages().querySelector(".printed-mention")).toBeNull();
  window.dispatchEvent(new Event("afterprint"));
});

it("marks a page that was opened before another tab printed it", async () => {
  fetched.mockImplementation(answering("Duplicata du 17 mars 2026, par Sarah"));
  print.mockImplementation(() =>
    expect(pages().querySelector(".printed-mention")?.textContent).toContain("Duplicata"),
  );
  const keys = { key: "p", ctrlKey: true, cancelable: true, bubbles: true };
  const event = new KeyboardEvent("keydown", keys);
  document.body.dispatchEvent(event);
  expect(event.defaultPrevented).toBe(true);
  await vi.waitFor(() => expect(print).toHaveBeenCalledOnce());
  window.dispatchEvent(new Event("afterprint"));
});

it("marks a page that was opened before what it shows was cancelled", async () => {
  fetched.mockImplementation(answering("Duplicata du 17 mars 2026, par Sarah", "ANNULÉ"));
  press();
  await vi.waitFor(() => expect(print).toHaveBeenCalledOnce());
  const told = [...pages().querySelectorAll(".printed-mention")].map((one) => one.textContent);
  expect(told).toEqual(["ANNULÉ", "Duplicata du 17 mars 2026, par Sarah"]);
  window.dispatchEvent(new Event("afterprint"));
});

it.each([
  ["locked", async () => new Response(null, { status: 423 })],
  ["away", async () => Promise.reject(new TypeError("away"))],
])("prints nothing that could not be noted, and says it (%s)", async (_name, answer) => {
  fetched.mockImplementation(answer);
  press();
  await vi.waitFor(() => expect(pages().textContent).toContain("Rien n’est imprimé"));
  expect(print).not.toHaveBeenCalled();
  fetched.mockImplementation(answering(""));
  press();
  await vi.waitFor(() => expect(print).toHaveBeenCalledOnce());
  expect(pages().querySelector("[role=alert]")).toBeNull();
  window.dispatchEvent(new Event("afterprint"));
});

it("notes a print that the browser's menu began, and says when that failed", async () => {
  fetched.mockImplementation(async () => new Response(null, { status: 423 }));
  await Promise.resolve();
  window.dispatchEvent(new Event("beforeprint"));
  expect(fetched).toHaveBeenCalledOnce();
  window.dispatchEvent(new Event("afterprint"));
  await vi.waitFor(() => expect(pages().textContent).toContain("n’a pas pu être notée"));
});
