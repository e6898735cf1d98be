import { isEditable } from "./dom";

/** Return the row a key leads to: j or down, k or up, Home, End; null for other keys. */
export function nextRow(current: number, count: number, key: string): number | null {
  const steps: Record<string, number> = {
    j: current + 1,
    ArrowDown: current + 1,
    k: current - 1,
    ArrowUp: current - 1,
    Home: 0,
    End: count - 1,
  };
  const wanted = steps[key];
  if (wanted === undefined || count === 0) return null;
  return Math.min(Math.max(wanted, 0), count - 1);
}

function rowsOf(table: Element): HTMLElement[] {
  return [...table.querySelectorAll<HTMLElement>("tbody tr")];
}

function prepare(root: ParentNode): void {
  for (const table of root.querySelectorAll("table[data-rows]")) {
    const rows = rowsOf(table);
    if (rows.some((row) => row.tabIndex === 0)) continue;
    for (const [place, row] of rows.entries()) row.tabIndex = place === 0 ? 0 : -1;
  }
}

function go(rows: HTMLElement[], to: number): void {
  for (const [place, row] of rows.entries()) row.tabIndex = place === to ? 0 : -1;
  rows[to]?.focus();
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || isEditable(event.target)) return;
  const target = event.target as Element;
  const inside = target.closest("table[data-rows]");
  const letters = event.key === "j" || event.key === "k";
  const table = inside ?? (letters ? document.querySelector("table[data-rows]") : null);
  if (!table) return;
  const rows = rowsOf(table);
  const here = rows.findIndex((row) => row.contains(target));
  if (event.key === "Enter" && rows[here] === target) {
    rows[here]?.querySelector("a")?.click();
    return;
  }
  const to = nextRow(here, rows.length, event.key);
  if (to === null) return;
  event.preventDefault();
  go(rows, to);
}

/** Let the keyboard walk through `<table data-rows>`; Enter opens the row's first link. */
export function startRows(): void {
  prepare(document);
  document.addEventListener("keydown", onKey);
  document.body.addEventListener("htmx:afterSettle", () => prepare(document));
}
