import { isLate, waited } from "./waits";

const TICK_MS = 5000;

/** Clocks of the waiting room: they run on the server's time, not on this machine's. */
export function mount(root: HTMLElement): () => void {
  const seen = performance.now();
  let served = Number(root.dataset.now ?? Date.now());
  let readAt = seen;
  const read = () => {
    // The list inside was drawn again: its server said what time it is.
    const fresh = root.querySelector<HTMLElement>("[data-now]")?.dataset.now;
    if (!fresh || Number(fresh) === served) return;
    served = Number(fresh);
    readAt = performance.now();
  };
  const tick = () => {
    read();
    const now = served + (performance.now() - readAt);
    for (const clock of root.querySelectorAll<HTMLElement>("[data-since]")) show(clock, now);
  };
  tick();
  const timer = window.setInterval(tick, TICK_MS);
  const onRedraw = () => tick();
  root.addEventListener("htmx:afterSettle", onRedraw);
  return () => {
    window.clearInterval(timer);
    root.removeEventListener("htmx:afterSettle", onRedraw);
  };
}

function show(clock: HTMLElement, now: number): void {
  const { since = "", due = "", lateAfter = "10" } = clock.dataset;
  clock.textContent = waited(Number(since), now);
  const line = clock.closest<HTMLElement>("[data-waiting]");
  if (!line) return;
  const late = isLate(Number(due), now, Number(lateAfter));
  line.classList.toggle("is-late", late);
  const words = line.querySelector<HTMLElement>("[data-late-words]");
  if (words) words.hidden = !late;
}
