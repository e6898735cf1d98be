/** What the server says of an examination, and the values that the page holds of it. */

export type Step = readonly [tooth: number, site: string];
export type Mode = "depth" | "recession" | "mobility" | "furcation";
export type Sign = "bleeding" | "plaque" | "suppuration";
export type Value = number | boolean | string | null;

export interface Change {
  tooth: number;
  site: string;
  field: Mode | Sign | "presence";
  value: Value;
  /** What the place may have held for who typed: what was there, what was sent unanswered. */
  was?: Value[];
}

export interface Tooth {
  presence: string;
  mobility: number | null;
  furcation: Record<string, number>;
}

type SiteValues = [number | null, number | null, boolean, boolean, boolean];

export interface Values {
  teeth: Record<string, Tooth>;
  sites: Record<string, SiteValues>;
}

export interface Typing {
  exam: string;
  urls: { values: string; state: string; chart: string };
  path: Step[];
  entrances: Step[];
  /** The four faces of the drawing, from top to bottom, each from left to right. */
  rows: Step[][];
  sound: boolean;
  bounds: Record<"depth" | "recession", [number, number]>;
  refusals: Record<string, string>;
  teeth: Record<string, string>;
  values: Values;
}

const COLUMN = { depth: 0, recession: 1, bleeding: 2, plaque: 3, suppuration: 4 } as const;
const NOTHING: SiteValues = [null, null, false, false, false];

/** The values of an examination, as this page knows them. */
export class Mouth {
  private teeth: Record<string, Tooth>;
  private sites: Record<string, SiteValues>;

  constructor(values: Values) {
    this.teeth = structuredClone(values.teeth);
    this.sites = structuredClone(values.sites);
  }

  /** Take what the server knows, but for what is still on its way to it. */
  replace(values: Values, waiting: Change[]): void {
    this.teeth = structuredClone(values.teeth);
    this.sites = structuredClone(values.sites);
    for (const change of waiting) this.set(change);
  }

  presence(tooth: number): string {
    return this.teeth[tooth]?.presence ?? "present";
  }

  get(tooth: number, site: string, field: Change["field"]): Value {
    const known = this.teeth[tooth];
    if (field === "presence") return this.presence(tooth);
    if (field === "mobility") return known?.mobility ?? null;
    if (field === "furcation") return known?.furcation[site] ?? null;
    return (this.sites[`${tooth}${site}`] ?? NOTHING)[COLUMN[field]];
  }

  set({ tooth, site, field, value }: Change): void {
    if (field in COLUMN) {
      const key = `${tooth}${site}`;
      const found: SiteValues = [...(this.sites[key] ?? NOTHING)];
      (found as Value[])[COLUMN[field as keyof typeof COLUMN]] = value;
      this.sites[key] = found;
      return;
    }
    const known = this.teeth[tooth] ?? { presence: "present", mobility: null, furcation: {} };
    const furcation = { ...known.furcation };
    if (field === "furcation" && value === null) delete furcation[site];
    else if (field === "furcation") furcation[site] = value as number;
    const changed = { ...known, furcation };
    if (field === "presence") changed.presence = value as string;
    if (field === "mobility") changed.mobility = value as number | null;
    this.teeth[tooth] = changed;
  }

  /** The attachment level: depth plus recession, when both are known. */
  attachment(tooth: number, site: string): number | null {
    const depth = this.get(tooth, site, "depth");
    const recession = this.get(tooth, site, "recession");
    if (typeof depth !== "number" || typeof recession !== "number") return null;
    return depth + recession;
  }
}
