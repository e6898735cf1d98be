import { beforeEach, expect, it, vi } from "vitest";
import { ask } from "../dialogs";
import type { Drawing } from "./drawing";
import { confirmed } from "./sending";
import { send } from "./server";

vi.mock("../dialogs", () => ({ ask: vi.fn() }));
vi.mock("./server", () => ({ send: vi.fn() }));

const drawing = { undo: "u1", redo: "r1", asked: "Quoi ?" } as Drawing;

beforeEach(() => {
  vi.mocked(ask).mockReset();
  vi.mocked(send).mockReset();
});

it.each([
  [false, "u1", "Annuler cette saisie"],
  [true, "r1", "Rétablir cette saisie"],
])("asks, then names the step that was asked about (redo: %s)", async (isRedo, step, words) => {
  vi.mocked(ask).mockResolvedValue(true);
  await confirmed("/there/", drawing, isRedo);
  expect(vi.mocked(ask).mock.calls[0]?.slice(0, 2)).toEqual(["Quoi ?", words]);
  expect(send).toHaveBeenCalledWith("/there/", { seen: step, confirmed: step });
});

it("sends nothing when the answer is no", async () => {
  vi.mocked(ask).mockResolvedValue(false);
  expect(await confirmed("/there/", drawing, true)).toBeNull();
  expect(send).not.toHaveBeenCalled();
});
