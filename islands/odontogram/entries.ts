/** What is entered and not yet known to be saved: it survives a reload of the page. */

export interface Finding {
  kind: string;
  teeth: number[];
  surfaces: string;
  status: string;
  material?: string;
  depth?: string;
}

/** `key` tells the server that a second arrival is the same entry. */
export interface Entry {
  key: string;
  words: string;
  line?: string;
  findings?: Finding[];
}

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Entries on their way, in the order of the hand; kept in the store of this tab. */
export class Waiting {
  constructor(
    private readonly store: Store,
    private readonly name: string,
  ) {}

  get all(): Entry[] {
    try {
      const read: unknown = JSON.parse(this.store.getItem(this.name) ?? "[]");
      return Array.isArray(read) ? (read as Entry[]) : [];
    } catch {
      return [];
    }
  }

  add(entry: Entry): void {
    this.keep([...this.all, entry]);
  }

  drop(key: string): void {
    this.keep(this.all.filter((entry) => entry.key !== key));
  }

  private keep(entries: Entry[]): void {
    if (entries.length === 0) this.store.removeItem(this.name);
    else this.store.setItem(this.name, JSON.stringify(entries));
  }
}

/** The teeth that a press concerns: all that are chosen, pressed on one of them; else that one. */
export function concerned(fdi: number, chosen: ReadonlySet<number>): number[] {
  return chosen.has(fdi) ? [...chosen] : [fdi];
}

const ORDER = "MODVL";

/** Write surfaces as they are said: MOD, never DOM. */
export function inOrder(surfaces: Iterable<string>): string {
  const found = new Set(surfaces);
  return [...ORDER].filter((letter) => found.has(letter)).join("");
}

/** Teeth touched, and on each the surfaces that were: what a click or a stroke gathers. */
export class Touched {
  private readonly teeth = new Map<number, Set<string>>();

  add(fdi: number, surface = ""): void {
    const surfaces = this.teeth.get(fdi) ?? new Set<string>();
    if (surface) surfaces.add(surface);
    this.teeth.set(fdi, surfaces);
  }

  /** Take a surface on all of these teeth; let go of it when all of them have it. */
  toggleAll(teeth: number[], surface: string): void {
    const isOnAll = teeth.every((fdi) => this.teeth.get(fdi)?.has(surface));
    for (const fdi of teeth) {
      if (isOnAll) this.teeth.get(fdi)?.delete(surface);
      else this.add(fdi, surface);
    }
  }

  /** Return the same without the teeth of which no surface is left. */
  withSurfaces(): Touched {
    const found = new Touched();
    for (const [fdi, surfaces] of this.teeth) {
      for (const surface of surfaces) found.add(fdi, surface);
    }
    return found;
  }

  clear(): void {
    this.teeth.clear();
  }

  get all(): number[] {
    return [...this.teeth.keys()];
  }

  surfacesOf(fdi: number): string {
    return inOrder(this.teeth.get(fdi) ?? []);
  }
}

export type Scope = "surfaces" | "tooth" | "span";

/** Turn what was touched into findings: one a tooth, or one for all that a span covers. */
export function findingsOf(
  touched: Touched,
  scope: Scope,
  common: Omit<Finding, "teeth" | "surfaces">,
): Finding[] {
  const teeth = touched.all;
  if (scope === "span") return teeth.length > 1 ? [{ ...common, teeth, surfaces: "" }] : [];
  return teeth.map((fdi) => ({
    ...common,
    teeth: [fdi],
    surfaces: scope === "surfaces" ? touched.surfacesOf(fdi) : "",
  }));
}

/** Return teeth as touched, each on the same surfaces. */
export function touchedOnly(teeth: number[], surfaces: string[] = []): Touched {
  const touched = new Touched();
  for (const fdi of teeth) {
    touched.add(fdi);
    for (const surface of surfaces) touched.add(fdi, surface);
  }
  return touched;
}

/** Say findings in a few words, until the server says them better: « 16 MOD, 26 Obturation ». */
export function wordsOf(findings: Finding[], tool: string): string {
  const places = findings.map(({ teeth, surfaces }) =>
    [teeth.join("-"), inOrder(surfaces)].filter(Boolean).join(" "),
  );
  return `${places.join(", ")} ${tool}`;
}
