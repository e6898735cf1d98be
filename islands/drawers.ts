/** What a person types in: a hidden field cannot take the keys. */
const FIELDS = "input:not([type=hidden]), select, textarea:not([hidden])";

const openers = new WeakMap<Element, HTMLElement>();

/** Show a side panel; closing it gives the keys back to `opener`. */
export function openDrawer(drawer: HTMLElement, opener: HTMLElement | null): void {
  const place = document.getElementById("drawers");
  if (place && drawer.parentElement !== place) place.append(drawer);
  if (opener) openers.set(drawer, opener);
  drawer.hidden = false;
  drawer.scrollIntoView({ block: "nearest", inline: "nearest" });
  const first = drawer.querySelector<HTMLElement>(FIELDS) ?? drawer;
  first.focus();
  // A field that is folded away does not take the keys.
  if (!drawer.contains(document.activeElement)) drawer.focus();
}

/** Close the panel that was opened last; false when none is open. */
export function closeLastDrawer(): boolean {
  const open = document.querySelectorAll<HTMLElement>("#drawers > [data-drawer]:not([hidden])");
  const last = open[open.length - 1];
  if (last) close(last);
  return last !== undefined;
}

function close(drawer: HTMLElement): void {
  // Hidden, not removed: what was typed in it is there when it opens again.
  drawer.hidden = true;
  openers.get(drawer)?.focus();
}

/** Wire `data-drawer-open="id"`, `data-drawer-close`, Escape, and panels fetched by htmx. */
export function startDrawers(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const opener = target.closest<HTMLElement>("[data-drawer-open]");
    const wanted = opener && document.getElementById(opener.dataset.drawerOpen ?? "");
    if (wanted && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
      // A link to the page that does the same: it is for who has no script, or another tab.
      event.preventDefault();
      openDrawer(wanted, opener);
    }
    const closed = target.closest("[data-drawer-close]")?.closest<HTMLElement>("[data-drawer]");
    if (closed) close(closed);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    const drawer = (event.target as Element).closest<HTMLElement>("[data-drawer]");
    if (drawer) close(drawer);
  });
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const opener = (event as CustomEvent).detail.elt as HTMLElement;
    const already = opener.dataset.drawerId && document.getElementById(opener.dataset.drawerId);
    if (!already) return;
    event.preventDefault();
    openDrawer(already, opener);
  });
  document.body.addEventListener("htmx:afterSettle", (event) => {
    const { target, requestConfig } = (event as CustomEvent).detail;
    const last = target?.id === "drawers" ? target.lastElementChild : null;
    if (last instanceof HTMLElement) openDrawer(last, requestConfig?.elt ?? null);
  });
}
