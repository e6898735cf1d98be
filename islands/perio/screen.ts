import type { Desk } from "./desk";
import type { Mouth, Step, Typing } from "./mouth";
import type { Saved } from "./queue";
import { changeText, entranceName, shortName, siteName, valueText, words } from "./words";

const REDRAW_PAUSE_MS = 150;

/** What the person sees: the place under the probe in large, the drawing, what is kept. */
export class Screen {
  private isDrawing = false;
  private isStale = false;

  constructor(
    private readonly root: HTMLElement,
    private readonly typing: Typing,
    private readonly mouth: Mouth,
    private readonly desk: Desk,
  ) {}

  private part(name: string): HTMLElement {
    const found = this.root.querySelector<HTMLElement>(`[data-${name}]`);
    if (!found) throw new Error(name);
    return found;
  }

  /** Show where the probe is and what is there. */
  show(): void {
    const { desk } = this;
    for (const button of this.root.querySelectorAll<HTMLElement>("[data-mode]")) {
      button.setAttribute("aria-pressed", String(button.dataset.mode === desk.mode));
    }
    this.part("now-tooth").textContent = desk.at ? String(desk.at[0]) : "✓";
    this.part("now-site").textContent = desk.at ? this.short(desk.at) : words.walked;
    this.part("now-name").textContent = desk.at ? this.name(desk.at) : "";
    this.part("now-value").textContent = this.value();
    this.part("marks").textContent = this.marks();
    this.showCursor();
    this.showCount();
  }

  private short(step: Step): string {
    return step[1] ? shortName(step) : words.modes[this.desk.mode];
  }

  private name(step: Step): string {
    const tooth = this.typing.teeth[step[0]] ?? "";
    if (this.desk.mode === "mobility") return tooth;
    if (this.desk.mode === "furcation") return entranceName(step[1]);
    return siteName(step);
  }

  private value(): string {
    const { at, mode, tens, minus } = this.desk;
    if (tens) return "1_";
    if (minus) return "−_";
    if (!at) return "";
    return `${words.modes[mode]} ${valueText(mode, this.mouth.get(at[0], at[1], mode))}`;
  }

  private marks(): string {
    const place = this.desk.marked;
    if (!place) return "–";
    const [tooth, site] = place;
    const kept = (["bleeding", "plaque", "suppuration"] as const)
      .filter((sign) => this.mouth.get(tooth, site, sign))
      .map((sign) => words.signs[sign]);
    const name = `${tooth} ${shortName(place)}`;
    return kept.length ? `${name} (${kept.join(", ")})` : name;
  }

  private showCursor(): void {
    const { at, marked, mode } = this.desk;
    for (const old of this.root.querySelectorAll(".pc-here, .pc-marked")) {
      old.classList.remove("pc-here", "pc-marked");
    }
    const isElsewhere = marked && !(at && marked[0] === at[0] && marked[1] === at[1]);
    if (isElsewhere) this.target(`${marked[0]}-${marked[1]}`)?.classList.add("pc-marked");
    if (!at) return;
    const site = mode === "depth" || mode === "recession" ? at[1] : "";
    const here = site
      ? [this.target(`${at[0]}-${site}`)]
      : [...this.root.querySelectorAll(`[data-site^="${at[0]}-"]`)];
    for (const one of here) one?.classList.add("pc-here");
    const box = here[0];
    if (box && typeof box.scrollIntoView === "function") {
      box.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }

  private target(place: string): Element | null {
    return this.root.querySelector(`[data-site="${place}"]`);
  }

  private showCount(): void {
    const steps = this.desk.steps("depth");
    const done = steps.filter(([tooth, site]) => this.mouth.get(tooth, site, "depth") !== null);
    const bar = this.part("progress") as HTMLProgressElement;
    bar.max = steps.length || 1;
    bar.value = done.length;
    this.part("count").textContent = `${done.length} / ${steps.length}`;
  }

  /** Say aloud what is under the probe, for who does not see it. */
  speak(said = ""): void {
    const { at } = this.desk;
    const here = at ? `${at[0]} ${this.name(at)}` : words.walked;
    this.part("voice").textContent = said ? `${said}. ${here}` : here;
  }

  refuse(text: string): void {
    const box = this.part("refused");
    box.hidden = text === "";
    box.textContent = text;
  }

  keep(state: Saved, unsaved: Parameters<typeof changeText>[0][]): void {
    const box = this.part("saved");
    box.dataset.level = state.kind === "waiting" || state.kind === "closed" ? "attention" : "";
    if (state.kind === "saving") box.textContent = words.saving;
    if (state.kind === "saved") box.textContent = words.saved;
    if (state.kind === "waiting") box.textContent = words.waiting(unsaved.length);
    if (state.kind === "closed") {
      box.textContent = words.closed.replace("{values}", unsaved.map(changeText).join(", "));
      this.refuse(state.text);
    }
  }

  /** Write the numbers that the server has not drawn yet. */
  write(): void {
    for (const [tooth, site] of this.typing.rows.flat()) {
      const key = `${tooth}${site}`;
      this.put(`[data-d="${key}"]`, this.mouth.get(tooth, site, "depth"));
      this.put(`[data-r="${key}"]`, this.mouth.get(tooth, site, "recession"));
      this.put(`[data-a="${key}"]`, this.mouth.attachment(tooth, site));
    }
  }

  private put(place: string, value: unknown): void {
    const text = this.root.querySelector(place);
    const shown = typeof value === "number" ? String(value).replace("-", "−") : "";
    if (text && text.textContent !== shown) text.textContent = shown;
  }

  /** Let the server draw again; asked meanwhile, it does so once more. */
  async redraw(): Promise<void> {
    this.isStale = true;
    if (this.isDrawing) return;
    this.isDrawing = true;
    while (this.isStale && this.root.isConnected) {
      this.isStale = false;
      await this.drawOnce();
      await new Promise((done) => window.setTimeout(done, REDRAW_PAUSE_MS));
    }
    this.isDrawing = false;
  }

  private async drawOnce(): Promise<void> {
    try {
      const answer = await fetch(this.typing.urls.chart, {
        headers: { "HX-Request": "true" },
        redirect: "error",
      });
      if (!answer.ok) return;
      this.part("chart").innerHTML = await answer.text();
      this.write();
      this.showCursor();
    } catch {
      // Out of reach: the numbers are on the drawing already, the lines come with the next one.
    }
  }
}
