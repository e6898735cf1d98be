const MINUTE_MS = 60_000;

/** Let what counts minutes be drawn again each minute, while somebody can see it. */
export function startMinutes(): void {
  window.setInterval(() => {
    if (document.visibilityState !== "visible") return;
    if (!document.querySelector('[hx-trigger*="live:minute"]')) return;
    document.body.dispatchEvent(new CustomEvent("live:minute", { detail: null }));
  }, MINUTE_MS);
}
