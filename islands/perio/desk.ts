import type { Change, Mode, Mouth, Sign, Step, Typing, Value } from "./mouth";

/** What a key did: values that changed, a sentence when one was refused. */
export interface Effect {
  changes: Change[];
  refused?: string;
}

interface Undoable {
  before: Change[];
  at: Step | null;
  mode: Mode;
}

const MODES: Mode[] = ["depth", "recession", "mobility", "furcation"];
const NOTHING: Effect = { changes: [] };
/** More is nobody's slip of the finger. */
const MOST_UNDOABLE = 200;

const isSame = (one: Step | null | undefined, other: Step | null | undefined): boolean =>
  one?.[0] === other?.[0] && one?.[1] === other?.[1];

/** Where the probe is, and what each key does there; it draws nothing and sends nothing. */
export class Desk {
  mode: Mode = "depth";
  /** The place to be typed; null once the path is walked to its end. */
  at: Step | null;
  /** Ten is to be added to the next digit; the next one is below zero. */
  tens = false;
  minus = false;
  /** The place that was typed last: the signs go there until the probe is moved. */
  private typed: Step | null = null;
  private readonly past: Undoable[] = [];

  constructor(
    private readonly typing: Typing,
    private readonly mouth: Mouth,
  ) {
    this.at = this.firstToType();
  }

  /** The places of this mode, in the order of the probe, absent teeth left out. */
  steps(mode: Mode = this.mode): Step[] {
    const { path, entrances } = this.typing;
    if (mode === "furcation") return entrances.filter(([tooth]) => this.is(tooth, "present"));
    const there = path.filter(([tooth]) => !this.is(tooth, "missing"));
    if (mode !== "mobility") return there;
    const teeth = new Set(there.map(([tooth]) => tooth));
    return [...teeth].map((tooth) => [tooth, ""] as const);
  }

  /** Where the signs go: the place typed last, else the place under the probe. */
  get marked(): Step | null {
    return this.typed ?? (this.isOfSites ? this.at : null);
  }

  private get isOfSites(): boolean {
    return this.mode === "depth" || this.mode === "recession";
  }

  private is(tooth: number, presence: string): boolean {
    return this.mouth.presence(tooth) === presence;
  }

  private firstToType(): Step | null {
    const steps = this.steps();
    const empty = steps.find(([tooth, site]) => this.mouth.get(tooth, site, this.mode) === null);
    return empty ?? null;
  }

  digit(digit: number): Effect {
    if (!this.at) return NOTHING;
    const size = this.tens && this.isOfSites ? 10 + digit : digit;
    const value = this.minus && this.mode === "recession" ? -size : size;
    this.disarm();
    const [tooth, site] = this.at;
    const [low, high] = this.isOfSites
      ? this.typing.bounds[this.mode as "depth" | "recession"]
      : [0, 3];
    if (value < low || value > high) return this.refuse(this.mode, tooth);
    const effect = this.put([{ tooth, site, field: this.mode, value }]);
    this.typed = this.isOfSites ? this.at : null;
    this.at = this.after(this.at);
    return effect;
  }

  sign(field: Sign): Effect {
    this.disarm();
    const place = this.marked;
    if (!place) return NOTHING;
    const [tooth, site] = place;
    if (this.is(tooth, "missing")) return this.refuse("absent", tooth);
    return this.put([{ tooth, site, field, value: !this.mouth.get(tooth, site, field) }]);
  }

  /** Leave this place empty and go on. */
  skip(): Effect {
    this.move(this.after(this.at));
    return NOTHING;
  }

  /** Go back one place and empty it. */
  back(): Effect {
    this.disarm();
    const steps = this.steps();
    const here = this.at ? steps.findIndex((step) => isSame(step, this.at)) : steps.length;
    const before = steps[here - 1];
    if (!before) return NOTHING;
    const effect = this.erase(before);
    this.move(before);
    return effect;
  }

  erase(place: Step | null = this.at): Effect {
    this.disarm();
    if (!place) return NOTHING;
    const [tooth, site] = place;
    if (this.mouth.get(tooth, site, this.mode) === null) return NOTHING;
    return this.put([{ tooth, site, field: this.mode, value: null }]);
  }

  /** Say that a tooth is absent, an implant; said again, it is there. */
  presence(presence: "missing" | "implant"): Effect {
    this.disarm();
    const tooth = (this.at ?? this.typed)?.[0];
    if (!tooth) return NOTHING;
    const value = this.is(tooth, presence) ? "present" : presence;
    const effect = this.put([{ tooth, site: "", field: "presence", value }]);
    this.typed = null;
    if (value === "missing") this.at = this.nextThere(tooth);
    else this.at ??= this.firstOf(tooth);
    return effect;
  }

  switchTo(mode: Mode): void {
    this.disarm();
    const tooth = (this.at ?? this.typed)?.[0];
    this.mode = mode;
    this.typed = null;
    const first = tooth ? this.firstOf(tooth) : null;
    this.at = (this.at && first) ?? this.firstToType() ?? this.steps()[0] ?? null;
  }

  nextMode(): void {
    this.switchTo(MODES[(MODES.indexOf(this.mode) + 1) % MODES.length] ?? "depth");
  }

  undo(): Effect {
    this.disarm();
    const last = this.past.pop();
    if (!last) return NOTHING;
    const changes = this.write(last.before);
    this.mode = last.mode;
    this.at = last.at;
    this.typed = null;
    return { changes };
  }

  /** Go to a place of the drawing: an absent tooth too, so that it can be said to be there. */
  go(step: Step): void {
    const there = this.isOfSites ? step : (this.firstOf(step[0]) ?? this.at);
    this.move(there);
  }

  arrow(key: "left" | "right" | "up" | "down"): void {
    const from = this.place();
    if (!from) return;
    const [row, column] = from;
    const sideways = key === "left" ? -1 : key === "right" ? 1 : 0;
    const down = key === "up" ? -1 : key === "down" ? 1 : 0;
    const found = sideways ? this.beside(row, column, sideways) : this.across(row, column, down);
    if (found) this.move(found);
  }

  private place(): [number, number] | null {
    const at = this.at ?? this.typed ?? this.steps().at(-1);
    if (!at) return null;
    for (const [row, steps] of this.typing.rows.entries()) {
      const column = steps.findIndex(
        ([tooth, site]) => tooth === at[0] && (!this.isOfSites || site === at[1]),
      );
      if (column >= 0) return [row, column];
    }
    return null;
  }

  private beside(row: number, column: number, by: number): Step | null {
    const steps = this.typing.rows[row] ?? [];
    const here = steps[column]?.[0];
    for (let next = column + by; steps[next]; next += by) {
      const found = this.at_(steps[next]);
      if (found && (this.isOfSites || found[0] !== here)) return found;
    }
    return null;
  }

  private across(row: number, column: number, by: number): Step | null {
    for (let next = row + by; this.typing.rows[next]; next += by) {
      const found = this.at_(this.typing.rows[next]?.[column]);
      if (found && (this.isOfSites || found[0] !== this.typing.rows[row]?.[column]?.[0]))
        return found;
    }
    return null;
  }

  /** The place of this mode at a place of the drawing; null where nothing can be typed. */
  private at_(step: Step | undefined): Step | null {
    if (!step || this.is(step[0], "missing")) return null;
    return this.isOfSites ? step : this.firstOf(step[0]);
  }

  private firstOf(tooth: number): Step | null {
    return this.steps().find(([other]) => other === tooth) ?? null;
  }

  private after(step: Step | null): Step | null {
    const steps = this.steps();
    const here = steps.findIndex((one) => isSame(one, step));
    return here < 0 ? this.nextThere(step?.[0] ?? 0) : (steps[here + 1] ?? null);
  }

  /** The next place of the path after all those of a tooth that is not there. */
  private nextThere(tooth: number): Step | null {
    const { path } = this.typing;
    const from = path.findIndex((step) => isSame(step, this.at) || step[0] === tooth);
    const after = path.slice(from).find(([other]) => other !== tooth && !this.is(other, "missing"));
    if (!after) return null;
    return this.isOfSites ? after : (this.firstOf(after[0]) ?? null);
  }

  private move(step: Step | null): void {
    this.disarm();
    this.typed = null;
    this.at = step;
  }

  /** Wait for a digit: ten more, or below zero; both may be asked, for −12. */
  arm(what: "tens" | "minus"): void {
    if (what === "tens") this.tens = true;
    else this.minus = true;
  }

  disarm(): void {
    this.tens = false;
    this.minus = false;
  }

  private put(changes: Change[]): Effect {
    const before = changes.map((change): Change => {
      const value: Value = this.mouth.get(change.tooth, change.site, change.field);
      return { ...change, value };
    });
    this.past.push({ before, at: this.at, mode: this.mode });
    if (this.past.length > MOST_UNDOABLE) this.past.shift();
    return { changes: this.write(changes) };
  }

  /** Write values, each with what it takes the place of. */
  private write(changes: Change[]): Change[] {
    return changes.map((change) => {
      const was = [this.mouth.get(change.tooth, change.site, change.field)];
      this.mouth.set(change);
      return { ...change, was };
    });
  }

  private refuse(code: string, tooth: number): Effect {
    const text = (this.typing.refusals[code] ?? "").replace("{tooth}", String(tooth));
    return { changes: [], refused: text };
  }
}
