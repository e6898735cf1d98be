const MINUTE_MS = 60_000;

/** Let what counts minutes be drawn again each minute, while somebody can see it.
 *
 * Who comes back to a page after longer than that sees it drawn again at once. */
export function startMinutes(): void {
  let drawnAt = Date.now();
  const draw = (): void => {
    if (document.visibilityState !== "visible") return;
    if (!document.querySelector('[hx-trigger*="live:minute"]')) return;
    drawnAt = Date.now();
    document.body.dispatchEvent(new CustomEvent("live:minute", { detail: null }));
  };
  window.setInterval(draw, MINUTE_MS);
  document.addEventListener("visibilitychange", () => {
    if (Date.now() - drawnAt >= MINUTE_MS) draw();
  });
}
