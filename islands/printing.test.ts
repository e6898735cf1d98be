// @vitest-environment jsdom
import { afterEach, expect, it, vi } from "vitest";
import { startPrinting } from "./printing";

afterEach(() => vi.unstubAllGlobals());

it("notes a print when it begins, not when the pages are opened", async () => {
  const fetched = vi.fn(async () => new Response(null, { status: 204 }));
  vi.stubGlobal("fetch", fetched);
  const print = vi.fn();
  vi.stubGlobal("print", print);
  document.body.innerHTML = `<main data-printed="/documents/1/imprime/"><button data-print>Imprimer</button></main>`;

  startPrinting();
  expect(fetched).not.toHaveBeenCalled();

  document.querySelector<HTMLElement>("[data-print]")?.click();
  expect(print).toHaveBeenCalledOnce();
  window.dispatchEvent(new Event("beforeprint"));
  expect(fetched).toHaveBeenCalledWith(
    "/documents/1/imprime/",
    expect.objectContaining({ method: "POST", keepalive: true }),
  );
});
