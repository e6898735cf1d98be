import { toast } from "./toasts";
import { words } from "./words";

export type Island = (root: HTMLElement) => (() => void) | undefined;

/** Islands are fetched when a page first needs one. */
const LOADERS: Record<string, () => Promise<{ mount: Island }>> = {
  agenda: () => import("./agenda/island"),
  booking: () => import("./agenda/alone"),
  calls: () => import("./calls/island"),
  waiting: () => import("./waiting/island"),
  odontogram: () => import("./odontogram/island"),
  dropzone: () => import("./dropzone/island"),
  signature: () => import("./signature/island"),
  perio: () => import("./perio/island"),
  push: () => import("./push/island"),
  plans: () => import("./plans/island"),
  scanner: () => import("./scanner/island"),
  viewer: () => import("./viewer/island"),
};

const mounted = new Map<HTMLElement, (() => void) | undefined>();

async function mount(root: HTMLElement): Promise<void> {
  const load = LOADERS[root.dataset.island ?? ""];
  if (!load || mounted.has(root)) return;
  mounted.set(root, undefined);
  try {
    const island = await load();
    mounted.set(root, island.mount(root));
    root.dataset.mounted = "true";
  } catch {
    mounted.delete(root);
    toast({ text: words.islandFailed, level: "danger" });
  }
}

function sweep(): void {
  for (const [root, leave] of mounted) {
    if (root.isConnected) continue;
    leave?.();
    mounted.delete(root);
  }
  for (const root of document.querySelectorAll<HTMLElement>("[data-island]")) void mount(root);
}

/** Bring every `<div data-island="name">` to life, also those that htmx brings later. */
export function startIslands(): void {
  sweep();
  document.body.addEventListener("htmx:afterSettle", sweep);
}
