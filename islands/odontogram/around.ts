import htmx from "htmx.org";
import { openDrawer } from "../drawers";
import type { Drawing } from "./drawing";

type Asked = Record<string, string>;

function address(url: string | undefined, asked: Asked, day: string): string {
  return `${url}?${new URLSearchParams(day ? { ...asked, jour: day } : asked)}`;
}

/** Open the panel of a tooth, on the day that is drawn. */
export function openTooth(root: HTMLElement, drawing: Drawing, fdi: number): void {
  document.getElementById("dent")?.remove();
  const source = drawing.one(fdi) ?? root;
  const url = address(root.dataset.toothUrl, { dent: String(fdi) }, drawing.day);
  void htmx.ajax("get", url, { target: "#drawers", swap: "beforeend", source });
}

/** The table and the panel of a tooth, where the page shows them, follow the drawing. */
export function tellOthers(root: HTMLElement, day: string): void {
  const { drawingUrl, toothUrl } = root.dataset;
  const table = document.querySelector<HTMLElement>("[data-mouth-table]");
  if (table) {
    const url = address(drawingUrl, { forme: "tableau" }, day);
    void htmx.ajax("get", url, { target: table, swap: "innerHTML", source: table });
  }
  const tooth = document.querySelector<HTMLElement>("#dent:not([hidden]) #dent-contenu");
  if (tooth) {
    const url = address(toothUrl, { forme: "corps", dent: tooth.dataset.fdi ?? "" }, day);
    void htmx.ajax("get", url, { target: tooth, swap: "outerHTML", source: tooth });
  }
}

/** Show what each key does. */
export function openHelp(): void {
  const panel = document.getElementById("dents-aide");
  if (panel) openDrawer(panel, document.activeElement as HTMLElement | null);
}

/** Let the drawing have the room that is left on the screen by what stands above it. */
export function fitBelow(place: HTMLElement, signal: AbortSignal): void {
  const fit = () => {
    const above = Math.round(place.getBoundingClientRect().top + window.scrollY);
    place.style.setProperty("--above", `${above}px`);
  };
  const room = new ResizeObserver(fit);
  room.observe(document.body);
  signal.addEventListener("abort", () => room.disconnect());
  fit();
}
