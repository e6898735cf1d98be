/** Whatever is drawn again by somebody else's work must not take the keys from who walks in it. */

/** Return how to find a link or a button again once its region was replaced; null for all else.
 *
 * htmx itself keeps what has an id; a field that is typed in is not replaced at all. */
export function trailOf(held: Element): string | null {
  const href = held.getAttribute("href");
  if (href) return `a[href="${CSS.escape(href)}"]`;
  const folded =
    held.localName === "summary" ? held.closest<HTMLElement>("details[data-kept]") : null;
  if (folded) return `details[data-kept="${CSS.escape(folded.dataset.kept ?? "")}"] > summary`;
  if (!(held instanceof HTMLButtonElement)) return null;
  if (held.name && held.value) {
    return `button[name="${CSS.escape(held.name)}"][value="${CSS.escape(held.value)}"]`;
  }
  const action = held.type === "submit" ? held.form?.getAttribute("action") : null;
  return action ? `form[action="${CSS.escape(action)}"] button[type="submit"]` : null;
}

/** A row of a table is found by the link that Enter opens. */
function nearest(held: Element): { trail: string | null; isRow: boolean } {
  const isRow = held.localName === "tr" && !held.id;
  const named = isRow ? held.querySelector("a[href]") : held;
  return { trail: named && trailOf(named), isRow };
}

/** Keep the focus on the same link, row or button while htmx replaces the region around it. */
export function startFocus(): void {
  let lost: { region: Element; trail: string; isRow: boolean } | null = null;
  const keep = (event: Event): void => {
    const target = (event as CustomEvent).detail.target as Element | undefined;
    const held = document.activeElement;
    if (!target || !held || held === target || !target.contains(held)) return;
    const { trail, isRow } = nearest(held);
    if (trail) lost = { region: target, trail, isRow };
  };
  const giveBack = (): void => {
    if (!lost || document.activeElement !== document.body) return;
    const { region } = lost;
    // A region that was drawn inside stays; one that was replaced is known by its id.
    const now = region.isConnected ? region : document.getElementById(region.id);
    const again = now?.querySelector<HTMLElement>(lost.trail);
    const place = lost.isRow ? again?.closest("tr") : again;
    lost = null;
    if (place && place.localName === "tr") place.tabIndex = 0;
    place?.focus({ preventScroll: true });
  };
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    lost = null;
    keep(event);
  });
  // The parts beside it that the same answer replaces.
  document.body.addEventListener("htmx:oobBeforeSwap", keep);
  document.body.addEventListener("htmx:oobAfterSwap", giveBack);
  document.body.addEventListener("htmx:afterSwap", giveBack);
}
