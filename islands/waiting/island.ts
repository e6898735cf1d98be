import { startChanges } from "../agenda/changes";
import { waited } from "./waits";

const TICK_MS = 5000;
const MINUTE_MS = 60_000;

/** The waiting room: its buttons, and clocks that run on the server's time. */
export function mount(root: HTMLElement): () => void {
  startChanges();
  let served = "";
  let readAt = performance.now();
  const tick = () => {
    const fresh = root.querySelector<HTMLElement>("[data-now]")?.dataset.now ?? "";
    if (fresh !== served) {
      // Drawn again: the server said what time it is. This machine's clock may be wrong.
      served = fresh;
      readAt = performance.now();
    }
    const now = Number(served) + (performance.now() - readAt);
    for (const clock of root.querySelectorAll<HTMLElement>("[data-since]")) show(clock, now);
  };
  tick();
  const timer = window.setInterval(tick, TICK_MS);
  document.body.addEventListener("htmx:afterSettle", tick);
  return () => {
    window.clearInterval(timer);
    document.body.removeEventListener("htmx:afterSettle", tick);
  };
}

function show(clock: HTMLElement, now: number): void {
  const { since = "", prefix = "", longAfter = "" } = clock.dataset;
  clock.textContent = prefix + waited(Number(since), now);
  const line = clock.closest<HTMLElement>("[data-waiting]");
  if (!line || !longAfter) return;
  const isLong = now - Number(since) >= Number(longAfter) * MINUTE_MS;
  line.classList.toggle("is-late", isLong);
  const words = line.querySelector<HTMLElement>("[data-long-words]");
  if (words) words.hidden = !isLong;
}
