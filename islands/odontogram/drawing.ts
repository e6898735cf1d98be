import type { Way } from "./keys";
import { type Box, between, meets, next, type Place, rowOf } from "./walking";

/** The drawing that the server made: which teeth it has, which of them are chosen. */
export class Drawing {
  private at = 0;
  readonly chosen = new Set<number>();

  constructor(private readonly place: HTMLElement) {
    this.settle();
    // A screen reader gives the keyboard to whichever tooth it reads.
    place.addEventListener("focusin", (event) => {
      const tooth = (event.target as Element).closest("[data-tooth]");
      if (tooth) this.goTo(numberOf(tooth));
    });
  }

  private get facts(): DOMStringMap {
    return this.place.querySelector<HTMLElement>("[data-mouth]")?.dataset ?? {};
  }

  /** The step that undo would take back; "" for none. */
  get undo(): string {
    return this.facts.undo ?? "";
  }

  get redo(): string {
    return this.facts.redo ?? "";
  }

  /** What names the state of the mouth as it is drawn: another one when anything was charted. */
  get state(): string {
    return this.facts.state ?? "";
  }

  /** The days on which something changed, oldest first. */
  get days(): string[] {
    return (this.facts.days ?? "").split(" ").filter(Boolean);
  }

  /** The day of a view of the past; "" for the mouth as it is now. */
  get day(): string {
    return this.facts.day ?? "";
  }

  /** What the server said of the last entry, and what it refused. */
  get said(): string {
    return this.facts.said ?? "";
  }

  /** Whether it says more than what was entered: it asks for a second look. */
  get isRemarked(): boolean {
    return Boolean(this.facts.remarked);
  }

  get refused(): string {
    return this.facts.refused ?? "";
  }

  /** What is to be answered before a step is undone or comes back; "" for nothing. */
  get asked(): string {
    return this.facts.asked ?? "";
  }

  /** Put what the server drew in place of what is there; the keyboard stays where it was. */
  replace(html: string): void {
    const hadKeys = this.place.contains(document.activeElement);
    const template = document.createElement("template");
    template.innerHTML = html;
    const fresh = template.content.querySelector("[data-mouth]");
    if (!fresh) return;
    this.place.replaceChildren(fresh);
    this.settle();
    if (hadKeys) this.focus(this.at);
  }

  private settle(): void {
    const known = new Set(this.teeth.map(numberOf));
    for (const fdi of this.chosen) if (!known.has(fdi)) this.chosen.delete(fdi);
    if (!known.has(this.at)) this.at = numberOf(this.teeth[0]);
    this.one(this.at)?.setAttribute("tabindex", "0");
    this.showChosen();
  }

  get teeth(): SVGGElement[] {
    return [...this.place.querySelectorAll<SVGGElement>("[data-tooth]")];
  }

  one(fdi: number): SVGGElement | null {
    return this.place.querySelector<SVGGElement>(`[data-tooth="${fdi}"]`);
  }

  /** The tooth that has, or had last, the keyboard. */
  get current(): number {
    return this.at;
  }

  focus(fdi: number): void {
    this.goTo(fdi);
    this.one(fdi)?.focus({ preventScroll: true });
  }

  private goTo(fdi: number): void {
    this.one(this.at)?.setAttribute("tabindex", "-1");
    this.at = fdi;
    this.one(fdi)?.setAttribute("tabindex", "0");
  }

  private get places(): Place[] {
    return this.teeth.map((tooth) => {
      const { left, right } = boxOf(tooth);
      const fdi = numberOf(tooth);
      return { fdi, x: (left + right) / 2, row: rowOf(fdi) };
    });
  }

  walk(way: Way, extend: boolean): void {
    const to = next(this.places, this.at, way);
    if (extend) {
      this.chosen.add(this.at).add(to);
      this.showChosen();
    }
    this.focus(to);
  }

  /** Choose teeth, or let go of one that was chosen. */
  toggle(fdi: number): void {
    if (!this.chosen.delete(fdi)) this.chosen.add(fdi);
    this.showChosen();
  }

  choose(teeth: Iterable<number>): void {
    this.chosen.clear();
    for (const fdi of teeth) this.chosen.add(fdi);
    this.showChosen();
  }

  /** The teeth from one to another, in the order of the row. */
  between(from: number, to: number): number[] {
    return between(this.places, from, to);
  }

  /** The teeth that a rectangle of the screen touches. */
  inside(box: Box): number[] {
    return this.teeth.filter((tooth) => meets(boxOf(tooth), box)).map(numberOf);
  }

  private showChosen(): void {
    for (const tooth of this.teeth) {
      const isChosen = this.chosen.has(numberOf(tooth));
      tooth.classList.toggle("is-chosen", isChosen);
      if (isChosen) tooth.setAttribute("aria-pressed", "true");
      else tooth.removeAttribute("aria-pressed");
    }
  }

  /** Show which surfaces are about to be entered on a tooth. */
  showSurfaces(fdi: number, surfaces: string): void {
    for (const surface of this.one(fdi)?.querySelectorAll<SVGElement>("[data-s]") ?? []) {
      surface.classList.toggle("is-at", surfaces.includes(surface.dataset.s ?? "-"));
    }
  }

  /** Show at once what was touched, until the server has drawn it. */
  await(teeth: Iterable<number>): void {
    for (const fdi of teeth) this.one(fdi)?.classList.add("is-awaited");
  }

  /** Nothing is awaited any more: what did not arrive is told elsewhere. */
  forgetAwaited(): void {
    for (const tooth of this.place.querySelectorAll(".is-awaited")) {
      tooth.classList.remove("is-awaited");
    }
  }

  hideSurfaces(): void {
    for (const surface of this.place.querySelectorAll(".is-at")) surface.classList.remove("is-at");
  }
}

/** Read the FDI number of a tooth of the drawing; 0 for none. */
export function numberOf(tooth: Element | null | undefined): number {
  return Number(tooth?.getAttribute("data-tooth") ?? 0);
}

/** The place of a tooth on the screen: that of its frame, not of what sticks out of it. */
export function boxOf(tooth: Element): DOMRect {
  return (tooth.querySelector(".place") ?? tooth).getBoundingClientRect();
}
