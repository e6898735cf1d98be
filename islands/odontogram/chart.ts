import { isEditable, isNobodys } from "../dom";
import { toast } from "../toasts";
import { fitBelow, openHelp, openTooth, tellOthers } from "./around";
import { Days, dayWords } from "./days";
import { Drawing } from "./drawing";
import {
  concerned,
  type Entry,
  findingsOf,
  Touched,
  touchedOnly,
  Waiting,
  wordsOf,
} from "./entries";
import { Hands } from "./hands";
import { type Command, commandOf, freeCommandOf, pageCommandOf, stepOf } from "./keys";
import { Line } from "./line";
import { Rose } from "./rose";
import { confirmed, Sending, stepped } from "./sending";
import { type Answer, read } from "./server";
import { type Taken, Tools } from "./tools";
import { said } from "./words";

/** Clicks on surfaces of one tooth that follow each other this fast are one finding: MOD. */
const GATHER_MS = 650;
const LIVE_PAUSE_MS = 200;

/** The chart of one mouth: its drawing, its tools, its line, and what goes to the server. */
export class Chart {
  private readonly drawing: Drawing;
  private readonly tools: Tools | null;
  private readonly line: Line | null;
  private readonly rose: Rose;
  private readonly days: Days;
  private readonly sending: Sending;
  private readonly gathered = new Touched();
  /** With what the surfaces were touched: the tool may be another one when they are sent. */
  private gatheredWith: Taken | null = null;
  private gathering = 0;
  private rereading = 0;
  private readonly off = new AbortController();

  constructor(private readonly root: HTMLElement) {
    const place = this.part("drawing");
    this.drawing = new Drawing(place);
    this.rose = new Rose(place);
    const bar = root.querySelector<HTMLElement>("[data-mouth-tools]");
    this.tools = bar ? new Tools(bar, (what) => this.toolChanged(what)) : null;
    this.line = this.makeLine();
    this.days = new Days(this.part("days"), (day) => void this.go(day));
    this.sending = new Sending(
      new Waiting(
        sessionStorage,
        `mouth:${document.body.dataset.person}:${root.dataset.livePatient}`,
      ),
      this.part("trouble"),
      root.dataset.enterUrl ?? "",
      (answer, entry) => this.answered(answer, entry),
    );
    new Hands(place, this.drawing, {
      press: (fdi, surface, event) => this.pressed(fdi, surface, event),
      stroke: (touched) => this.stroked(touched),
      surround: (teeth) => this.chose(teeth),
    });
    this.listen();
    this.settle();
    fitBelow(place, this.off.signal);
    this.sending.showTrouble();
  }

  leave(): void {
    this.flush(true);
    this.off.abort();
  }

  private part(name: string): HTMLElement {
    const found = this.root.querySelector<HTMLElement>(`[data-mouth-${name}]`);
    if (!found) throw new Error(`no ${name} in the chart`);
    return found;
  }

  private makeLine(): Line | null {
    const field = this.root.querySelector<HTMLInputElement>("[data-mouth-line]");
    const error = this.root.querySelector<HTMLElement>("[data-mouth-error]");
    if (!field || !error) return null;
    const url = this.root.dataset.completeUrl ?? "";
    return new Line(field, error, url, (line) => this.enterLine(line));
  }

  private listen(): void {
    const { signal } = this.off;
    this.root.addEventListener("keydown", (event) => this.key(event), { signal });
    document.addEventListener("keydown", (event) => this.pageKey(event), { signal });
    this.root.addEventListener("click", (event) => this.clicked(event), { signal });
    this.root.addEventListener("mouth:leave", () => this.drawing.focus(this.drawing.current), {
      signal,
    });
    document.body.addEventListener("mouth:changed", () => this.soon(), { signal });
    document.body.addEventListener("live:patient.changed", (event) => this.heard(event), {
      signal,
    });
    document.body.addEventListener("live:resync", () => this.soon(), { signal });
    window.addEventListener("pagehide", () => this.flush(true), { signal });
  }

  // --- keys and buttons

  private key(event: KeyboardEvent): void {
    if (event.defaultPrevented || isEditable(event.target)) return;
    const target = event.target as Element;
    const isButton = target.closest("button, summary, a, select, input") !== null;
    if (isButton && (event.key === "Enter" || event.key === " ")) return;
    if (target.closest("select, input[type=range]")) return;
    const command = commandOf(event);
    if (!command) return;
    if (this.rose.isOpen && command.do === "walk") return;
    event.preventDefault();
    this.obey(command);
  }

  private pageKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || document.querySelector("dialog[open], .viewer")) return;
    const command = this.pageCommand(event);
    if (!command || (command.do === "line" && !this.line)) return;
    event.preventDefault();
    this.obey(command);
  }

  /** What a key asks from outside the chart: more of it when nothing else has the keyboard. */
  private pageCommand(event: KeyboardEvent): Command | null {
    const { target } = event;
    if (this.line && target === this.line.field && !this.line.field.value) return stepOf(event);
    if (isEditable(target)) return null;
    return isNobodys(target) ? freeCommandOf(event) : pageCommandOf(event);
  }

  private obey(command: Command): void {
    if (command.do === "walk") this.drawing.walk(command.way, command.extends);
    else if (command.do === "tool") this.tools?.press(command.digit);
    else if (command.do === "status") this.tools?.setStatus(command.status);
    else if (command.do === "surface") this.surface(command.surface);
    else if (command.do === "choose") this.chooseCurrent();
    else if (command.do === "apply") this.apply();
    else if (command.do === "disarm") this.disarm();
    else if (command.do === "line") this.line?.field.focus();
    else if (command.do === "help") openHelp();
    else void this.step(command.do === "redo");
  }

  private clicked(event: Event): void {
    const target = event.target as Element;
    if (target.closest("[data-mouth-undo]")) void this.step(false);
    else if (target.closest("[data-mouth-redo]")) void this.step(true);
    else if (target.closest("[data-mouth-today]")) void this.go("");
    else if (target.closest("[data-mouth-apply]")) this.apply();
    else if (target.closest("[data-mouth-help]")) openHelp();
  }

  private disarm(): void {
    if (this.rose.close()) {
      this.drawing.focus(this.drawing.current);
      return;
    }
    this.forgetGathered();
    this.drawing.choose([]);
    if (this.tools?.disarm()) this.say(said.disarmed);
    this.showApply();
  }

  private toolChanged(what: "tool" | "status"): void {
    this.flush();
    const tool = this.tools?.armed;
    this.root.classList.toggle("is-armed", Boolean(tool));
    if (what === "status") this.say(said.status(this.tools?.statusWords ?? ""));
    else this.say(tool ? said.armed(tool.words) : said.disarmed);
    this.showApply();
  }

  // --- teeth

  private get isPast(): boolean {
    return this.drawing.day !== "";
  }

  private pressed(fdi: number, surface: string, event: PointerEvent): void {
    const tool = this.tools?.armed;
    if (event.shiftKey) {
      this.drawing.toggle(fdi);
      this.drawing.focus(fdi);
      this.sayChosen();
      return;
    }
    this.drawing.focus(fdi);
    if (!tool) {
      this.drawing.choose([fdi]);
      openTooth(this.root, this.drawing, fdi);
    } else if (tool.scope === "surfaces") this.pressedSurface(fdi, surface, event);
    else if (tool.scope === "tooth") this.enter(touchedOnly([fdi]));
    else {
      this.drawing.toggle(fdi);
      this.sayChosen();
    }
  }

  /** A surface goes on all the teeth that are chosen when one of them is pressed, as by a key. */
  private pressedSurface(fdi: number, surface: string, event: PointerEvent): void {
    const teeth = concerned(fdi, this.drawing.chosen);
    if (event.pointerType !== "mouse" || !surface) this.openRose(fdi, "", teeth);
    else this.gather(teeth, surface);
  }

  private stroked(touched: Touched): void {
    if (this.tools?.armed) this.enter(touched);
    else this.chose(touched.all);
  }

  private chose(teeth: number[]): void {
    this.drawing.choose(teeth);
    this.sayChosen();
  }

  private chooseCurrent(): void {
    this.drawing.toggle(this.drawing.current);
    this.sayChosen();
  }

  private sayChosen(): void {
    const teeth = [...this.drawing.chosen];
    this.say(teeth.length > 0 ? said.chosen(teeth.join(", ")) : said.noneChosen);
    this.showApply();
  }

  private showApply(): void {
    const button = this.root.querySelector<HTMLElement>("[data-mouth-apply]");
    if (!button) return;
    const count = this.drawing.chosen.size;
    button.hidden = count < 1 || !this.tools?.armed;
    button.textContent = said.apply(count);
  }

  /** The teeth that a key concerns: those that are chosen, else the one that has the keyboard. */
  private get applied(): number[] {
    const { chosen, current } = this.drawing;
    return chosen.size > 0 ? [...chosen] : [current];
  }

  /** Enter: what is gathered, else the armed tool on what is chosen, else the tooth's panel. */
  private apply(): void {
    if (this.gathered.all.length > 0) {
      this.flush();
      return;
    }
    const tool = this.tools?.armed;
    const { current } = this.drawing;
    const teeth = this.applied;
    if (!tool) openTooth(this.root, this.drawing, current);
    else if (tool.scope === "surfaces") this.openRose(teeth[0] ?? current, "", teeth);
    else this.enter(touchedOnly(teeth));
  }

  private surface(surface: string): void {
    if (this.rose.press(surface)) return;
    if (this.tools?.armed?.scope === "surfaces") this.gather(this.applied, surface, true);
  }

  private openRose(fdi: number, begun: string, teeth: number[] = [fdi]): void {
    const tooth = this.drawing.one(fdi);
    if (!tooth || this.refusesPast()) return;
    this.flush();
    this.rose.open(tooth, fdi, begun, (surfaces) => {
      this.enter(touchedOnly(teeth, surfaces));
      this.drawing.focus(fdi);
    });
  }

  /** Gather surfaces of some teeth; by the keyboard they wait for Enter. */
  private gather(teeth: number[], surface: string, isTyped = false): void {
    if (this.refusesPast()) return;
    if (this.gathered.all.some((other) => !teeth.includes(other))) this.flush();
    this.gatheredWith ??= this.tools?.taken ?? null;
    this.gathered.toggleAll(teeth, surface);
    for (const fdi of teeth) this.drawing.showSurfaces(fdi, this.gathered.surfacesOf(fdi));
    window.clearTimeout(this.gathering);
    if (!isTyped) this.gathering = window.setTimeout(() => this.flush(), GATHER_MS);
  }

  private forgetGathered(): void {
    window.clearTimeout(this.gathering);
    this.gathered.clear();
    this.gatheredWith = null;
    this.drawing.hideSurfaces();
  }

  /** Send what was gathered, now. */
  private flush(isLast = false): void {
    const touched = this.gathered.withSurfaces();
    const taken = this.gatheredWith;
    this.forgetGathered();
    if (touched.all.length > 0) this.enter(touched, isLast, taken);
  }

  // --- what goes to the server

  private refusesPast(): boolean {
    if (this.isPast) this.say(said.pastRefuses, "attention");
    return this.isPast;
  }

  private enter(touched: Touched, isLast = false, taken = this.tools?.taken): void {
    if (!taken || this.refusesPast()) return;
    const { tool, status, details } = taken;
    const findings = findingsOf(touched, tool.scope, { kind: tool.kind, status, ...details });
    if (findings.length === 0) {
      this.say(said.spanNeedsTwo, "attention");
      return;
    }
    const words = wordsOf(findings, tool.words);
    this.drawing.choose([]);
    this.showApply();
    for (const { teeth, surfaces } of findings) {
      this.drawing.await(teeth);
      for (const fdi of teeth) this.drawing.showSurfaces(fdi, surfaces);
    }
    this.say(said.sending);
    this.sending.enter({ key: crypto.randomUUID(), words, findings }, isLast);
  }

  private enterLine(line: string): void {
    if (this.refusesPast()) return;
    this.sending.enter({ key: crypto.randomUUID(), words: `\u00ab ${line} \u00bb`, line });
  }

  private answered(answer: Answer, entry: Entry): void {
    if (answer.kind !== "drawn") {
      this.drawing.forgetAwaited();
      this.forgetGathered();
      this.say("");
      return;
    }
    // A refused line is told beside the line, once.
    this.put(answer.html, entry.line !== undefined);
    const { refused } = this.drawing;
    if (entry.line === undefined) return;
    if (refused) this.line?.refuse(refused);
    else if (this.line?.field.value.trim() === entry.line) this.line.accept();
  }

  private async step(isRedo: boolean): Promise<void> {
    this.flush();
    if (this.refusesPast()) return;
    const url = this.root.dataset[isRedo ? "redoUrl" : "undoUrl"] ?? "";
    const answer = await stepped(url, this.drawing, isRedo);
    if (answer) this.show(answer);
    else this.say(isRedo ? said.nothingToRedo : said.nothingToUndo);
    if (answer?.kind !== "drawn" || !this.drawing.asked) return;
    const again = await confirmed(url, this.drawing, isRedo);
    if (again) this.show(again);
    else this.say("");
  }

  /** Show the mouth on a day; "" for now. */
  private async go(day: string): Promise<void> {
    this.flush();
    this.rose.close();
    this.show(await read(this.root.dataset.drawingUrl ?? "", day ? { jour: day } : {}));
    this.say(said.past(dayWords(this.drawing.day)));
  }

  private show(answer: Answer): void {
    if (answer.kind === "drawn") this.put(answer.html);
    else if (answer.kind === "away") toast({ text: answer.why, level: "danger" });
  }

  private put(html: string, isOfLine = false): void {
    this.drawing.replace(html);
    this.settle();
    tellOthers(this.root, this.drawing.day);
    const { refused, said: words } = this.drawing;
    if (refused) this.say(isOfLine ? "" : refused, "danger");
    else if (words) this.say(words, this.drawing.isRemarked ? "attention" : "");
  }

  private settle(): void {
    this.days.show(this.drawing.days, this.drawing.day);
    this.root.classList.toggle("is-past", this.isPast);
    for (const [name, step] of [
      ["undo", this.drawing.undo],
      ["redo", this.drawing.redo],
    ] as const) {
      const button = this.root.querySelector<HTMLButtonElement>(`[data-mouth-${name}]`);
      if (button) button.disabled = !step || this.isPast;
    }
  }

  private say(text: string, level = ""): void {
    const place = this.part("said");
    place.textContent = text;
    place.dataset.level = level;
    const takeBack = this.root.querySelector<HTMLElement>("[data-mouth-take-back]");
    // Only after the server told more than what was noted: then undo is at hand.
    if (takeBack)
      takeBack.hidden = !(text && text === this.drawing.said && this.drawing.isRemarked);
  }

  // --- what others did

  private heard(event: Event): void {
    const detail = (event as CustomEvent<{ patient?: string; part?: string } | null>).detail;
    if (detail?.patient && detail.patient !== this.root.dataset.livePatient) return;
    this.soon();
  }

  private soon(): void {
    window.clearTimeout(this.rereading);
    this.rereading = window.setTimeout(() => void this.reread(), LIVE_PAUSE_MS);
  }

  private async reread(): Promise<void> {
    // What is gathered or awaited redraws the mouth by itself; a past view does not change.
    if (this.isPast) return;
    if (this.sending.isBusy || this.gathered.all.length > 0 || this.rose.isOpen) {
      this.soon();
      return;
    }
    const answer = await read(this.root.dataset.drawingUrl ?? "", { vu: this.drawing.state });
    if (answer.kind !== "drawn" || this.isPast) return;
    if (this.sending.isBusy || this.gathered.all.length > 0 || this.rose.isOpen) return;
    this.drawing.replace(answer.html);
    this.settle();
    tellOthers(this.root, this.drawing.day);
  }
}
