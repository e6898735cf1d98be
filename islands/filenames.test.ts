// @vitest-environment jsdom
import { expect, it } from "vitest";
import { startFileNames } from "./filenames";

it("writes the name of the chosen file, and that none is chosen again", () => {
  document.body.innerHTML = `<div><input type="file"><span data-file-name>Aucun fichier choisi</span></div>`;
  startFileNames();
  const input = document.querySelector("input") as HTMLInputElement;
  const shown = () => document.querySelector("[data-file-name]")?.textContent;
  let files: File[] = [new File([""], "visage.jpg")];
  Object.defineProperty(input, "files", { get: () => files });

  input.dispatchEvent(new Event("change", { bubbles: true }));
  expect(shown()).toBe("visage.jpg");

  files = [];
  input.dispatchEvent(new Event("change", { bubbles: true }));
  expect(shown()).toBe("Aucun fichier choisi");
});
