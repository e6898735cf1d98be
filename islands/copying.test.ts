// @vitest-environment jsdom
import { beforeAll, beforeEach, expect, it, vi } from "vitest";
import { startCopying } from "./copying";

const said = (): string => document.querySelector("[role=status]")?.textContent ?? "";

beforeAll(startCopying);
beforeEach(() => {
  document.body.innerHTML = `<pre id="jeton">AB CD\n</pre><p><button data-copy="jeton"
    data-copied="Copié" data-selected="Sélectionné"><span>Copier</span></button>
    <span role="status"></span></p>`;
});

it("puts the text into the clipboard and says so", async () => {
  const writeText = vi.fn(async () => undefined);
  Object.assign(navigator, { clipboard: { writeText } });
  document.querySelector<HTMLElement>("button span")?.click();
  await vi.waitFor(() => expect(said()).toBe("Copié"));
  expect(writeText).toHaveBeenCalledWith("AB CD");
});

it("selects the text where there is no clipboard", async () => {
  Object.assign(navigator, { clipboard: undefined });
  document.querySelector("button")?.click();
  await vi.waitFor(() => expect(said()).toBe("Sélectionné"));
  expect(window.getSelection()?.toString()).toContain("AB CD");
});
