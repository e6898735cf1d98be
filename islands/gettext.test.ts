import { afterEach, expect, test, vi } from "vitest";
import { CATALOGUE } from "./gettext";

afterEach(() => {
  document.getElementById(CATALOGUE)?.remove();
  document.documentElement.lang = "";
  vi.resetModules();
});

function carry(texts: Record<string, string>): void {
  const block = document.createElement("script");
  block.type = "application/json";
  block.id = CATALOGUE;
  block.textContent = JSON.stringify(texts);
  document.head.append(block);
  document.documentElement.lang = "en";
}

test("a page without a catalogue speaks French", async () => {
  const { words } = await import("./words");
  expect(words.undo).toBe("Annuler");
  expect(words.draftSaved("14h32")).toBe("Brouillon enregistré à 14h32");
});

test("a page that carries a catalogue speaks its language", async () => {
  carry({ Annuler: "Undo", "Brouillon enregistré à {time}": "Draft saved at {time}" });
  const { words } = await import("./words");
  expect(words.undo).toBe("Undo");
  expect(words.draftSaved("14h32")).toBe("Draft saved at 14h32");
  expect(words.confirm).toBe("Confirmer");
});

test("days are written as the page writes them", async () => {
  carry({ "Du {first} au {last} {year}": "From {first} to {last} {year}" });
  const { titleOf } = await import("./agenda/moments");
  expect(titleOf(["2026-11-27", "2026-12-03"])).toBe("From 27 November to 3 December 2026");
});

test("a place that nobody fills stays visible", async () => {
  const { gettext } = await import("./gettext");
  expect(gettext("Zoom {percent}")).toBe("Zoom {percent}");
});
