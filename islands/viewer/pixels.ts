/** What the server says of a frame (DICOM PS3.3 C.7.6.3 and C.11). */
export interface Meta {
  rows: number;
  columns: number;
  samples: 1 | 3;
  bitsAllocated: 8 | 16;
  bitsStored: number;
  isSigned: boolean;
  slope: number;
  intercept: number;
  windows: Window[];
  inverse: boolean;
  spacingMm: [number, number] | null;
  spacingIsDetectorPlane: boolean;
  title: string;
  takenAt: string;
  patient: string;
  /** Tone and words of each alert of the patient. */
  alerts: [tone: string, words: string][];
  previous: string;
  next: string;
}

/** Centre and width, in the units of the picture after its own slope and intercept. */
export type Window = [center: number, width: number];

/** Read the server's answer; names may be written either way round (`bitsStored`, `bits_stored`).
 * Throws when the picture cannot be drawn. */
export function readMeta(answer: Record<string, unknown>): Meta {
  const get = <T>(name: string, otherwise: T): T => {
    const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return (answer[name] ?? answer[snake] ?? otherwise) as T;
  };
  const meta: Meta = {
    rows: get("rows", 0),
    columns: get("columns", 0),
    samples: get("samples", 1),
    bitsAllocated: get("bitsAllocated", 16),
    bitsStored: get("bitsStored", get("bitsAllocated", 16)),
    isSigned: get("isSigned", false),
    slope: get("slope", 1),
    intercept: get("intercept", 0),
    windows: get<Window[]>("windows", []),
    inverse: get("inverse", false),
    spacingMm: get<[number, number] | null>("spacingMm", null),
    spacingIsDetectorPlane: get("spacingIsDetectorPlane", false),
    title: get("title", ""),
    takenAt: get("takenAt", ""),
    patient: get("patient", ""),
    alerts: get<[string, string][]>("alerts", []),
    previous: get("previous", ""),
    next: get("next", ""),
  };
  if (!(meta.rows > 0 && meta.columns > 0)) throw new Error("picture without size");
  return meta;
}

export type Pixels = Uint8Array | Uint16Array;

/** Look at raw little-endian bytes as pixels. Throws when bytes are missing. */
export function readPixels(bytes: ArrayBuffer, meta: Meta): Pixels {
  const count = meta.rows * meta.columns * meta.samples;
  if (bytes.byteLength < (count * meta.bitsAllocated) / 8) throw new Error("picture cut short");
  return meta.bitsAllocated === 8
    ? new Uint8Array(bytes, 0, count)
    : new Uint16Array(bytes, 0, count);
}

/** Turn a stored number into the value it stands for. Source: PS3.3 C.7.6.3.1.4, C.11.1. */
export function meaning(stored: number, meta: Meta): number {
  const top = 2 ** meta.bitsStored;
  const low = stored & (top - 1);
  const value = meta.isSigned && low >= top / 2 ? low - top : low;
  return value * meta.slope + meta.intercept;
}

/** Return the grey (0-255) of a value. Source: PS3.3 C.11.2.1.2, function LINEAR. */
export function greyOf(value: number, [center, width]: Window): number {
  if (width <= 1) return value <= center - 0.5 ? 0 : 255;
  const grey = ((value - (center - 0.5)) / (width - 1) + 0.5) * 255;
  return Math.min(255, Math.max(0, Math.round(grey)));
}

/** Fill the grey of each stored number. Shape: 65,536 bytes, or 256 for 8-bit frames. */
export function fillGreys(greys: Uint8Array, meta: Meta, window: Window, inverse: boolean): void {
  const flip = meta.inverse !== inverse;
  for (let stored = 0; stored < greys.length; stored += 1) {
    const grey = greyOf(meaning(stored, meta), window);
    greys[stored] = flip ? 255 - grey : grey;
  }
}

/** Paint grey pixels: one look-up a pixel, which keeps the mouse smooth on big panoramics. */
export function paintGrey(pixels: Pixels, greys: Uint8Array, target: Uint32Array): void {
  const colours = new Uint32Array(greys.length);
  for (let stored = 0; stored < greys.length; stored += 1) {
    const grey = greys[stored] as number;
    colours[stored] = 0xff000000 | (grey << 16) | (grey << 8) | grey;
  }
  const count = Math.min(pixels.length, target.length);
  for (let place = 0; place < count; place += 1) {
    target[place] = colours[pixels[place] as number] as number;
  }
}

/** Paint red-green-blue pixels, each colour through the same window. */
export function paintColour(pixels: Pixels, greys: Uint8Array, target: Uint32Array): void {
  for (let place = 0; place < target.length; place += 1) {
    const red = greys[pixels[place * 3] as number] as number;
    const green = greys[pixels[place * 3 + 1] as number] as number;
    const blue = greys[pixels[place * 3 + 2] as number] as number;
    target[place] = 0xff000000 | (blue << 16) | (green << 8) | red;
  }
}

/** Choose the window a picture opens with: its own, or one that spares 0.5 % at each end. */
export function firstWindow(pixels: Pixels, meta: Meta): Window {
  const given = meta.windows[0];
  if (given && given[1] > 0) return [given[0], given[1]];
  if (meta.samples === 3) return [2 ** (meta.bitsStored - 1), 2 ** meta.bitsStored];
  const counts = new Uint32Array(2 ** meta.bitsAllocated);
  for (let place = 0; place < pixels.length; place += 1) {
    const stored = pixels[place] as number;
    counts[stored] = (counts[stored] as number) + 1;
  }
  return spread(counts, pixels.length * 0.005, meta);
}

function spread(counts: Uint32Array, spared: number, meta: Meta): Window {
  const found: [value: number, count: number][] = [];
  for (let stored = 0; stored < counts.length; stored += 1) {
    const count = counts[stored] as number;
    if (count > 0) found.push([meaning(stored, meta), count]);
  }
  found.sort((one, other) => one[0] - other[0]);
  const low = after(found, spared);
  const high = after(found.toReversed(), spared);
  return [(low + high) / 2, Math.max(1, high - low)];
}

function after(found: [number, number][], spared: number): number {
  let seen = 0;
  for (const [value, count] of found) {
    seen += count;
    if (seen > spared) return value;
  }
  return found.at(-1)?.[0] ?? 0;
}
