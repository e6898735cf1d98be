import { expect, it } from "vitest";
import { currentTheme } from "./theme";
import { clock } from "./times";
import { refusal } from "./words";

it("says that what was typed is still there", () => {
  expect(refusal(500)).toContain("toujours à l’écran");
  expect(refusal(418)).toContain("toujours à l’écran");
  expect(refusal(403)).toContain("rôle");
});

it("quotes the incident number", () => {
  expect(refusal(500, "A7-42")).toContain("Numéro d’incident\u00a0: A7-42.");
});

it("writes hours the French way", () => {
  expect(clock(new Date(2026, 2, 17, 9, 5))).toBe("09h05");
});

it("takes the person's theme before the system's", () => {
  const root = document.createElement("html");
  expect(currentTheme(root, true)).toBe("dark");
  root.dataset.theme = "light";
  expect(currentTheme(root, true)).toBe("light");
});
