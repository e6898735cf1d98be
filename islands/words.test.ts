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
  expect(clock(new Date(2026, 2, 17, 9, 5))).toBe("9 h 05");
});

it("tells the time of the practice, not of the browser", () => {
  const meta = Object.assign(document.createElement("meta"), { name: "time-zone" });
  document.head.append(meta);
  for (const [zone, told] of [
    ["Europe/Paris", "10 h 22"],
    ["Indian/Reunion", "13 h 22"],
  ] as const) {
    meta.content = zone;
    expect(clock(new Date("2026-11-29T09:22:00Z"))).toBe(told);
  }
  meta.remove();
});

it("takes the person's theme before the system's", () => {
  const root = document.createElement("html");
  expect(currentTheme(root, true)).toBe("dark");
  root.dataset.theme = "light";
  expect(currentTheme(root, true)).toBe("light");
});
