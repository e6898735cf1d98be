import { describe, expect, it } from "vitest";
import {
  fillGreys,
  firstWindow,
  greyOf,
  meaning,
  paintColour,
  paintGrey,
  readMeta,
  readPixels,
} from "./pixels";

const twelve = readMeta({ rows: 1, columns: 4, bitsAllocated: 16, bitsStored: 12 });

describe("readMeta", () => {
  it("accepts both ways of writing names", () => {
    const meta = readMeta({ rows: 2, columns: 3, bits_stored: 12, is_signed: true });
    expect(meta).toMatchObject({ bitsStored: 12, isSigned: true, bitsAllocated: 16, slope: 1 });
  });

  it("refuses a picture without size", () => {
    expect(() => readMeta({ rows: 0, columns: 3 })).toThrow();
  });
});

describe("readPixels", () => {
  it("refuses bytes that are missing", () => {
    expect(() => readPixels(new ArrayBuffer(6), twelve)).toThrow();
  });

  it("looks at the bytes as they are", () => {
    const bytes = new Uint16Array([0, 1, 2, 4095]).buffer;
    expect([...readPixels(bytes, twelve)]).toEqual([0, 1, 2, 4095]);
  });
});

describe("meaning", () => {
  it("drops bits that are not of the picture", () => {
    expect(meaning(0xf001, twelve)).toBe(1);
  });

  it("extends the sign of the stored bits", () => {
    expect(meaning(0x0fff, { ...twelve, isSigned: true })).toBe(-1);
  });

  it("applies slope and intercept", () => {
    expect(meaning(10, { ...twelve, slope: 2, intercept: -1024 })).toBe(-1004);
  });
});

describe("greyOf", () => {
  it("follows the standard's linear function", () => {
    expect(greyOf(0, [2048, 4096])).toBe(0);
    expect(greyOf(4095, [2048, 4096])).toBe(255);
    expect(greyOf(-50, [2048, 4096])).toBe(0);
    expect(greyOf(9000, [2048, 4096])).toBe(255);
    expect(greyOf(99, [100, 1])).toBe(0);
    expect(greyOf(100, [100, 1])).toBe(255);
  });
});

describe("painting", () => {
  it("paints grey, inverted once whoever asks", () => {
    const greys = new Uint8Array(65536);
    const target = new Uint32Array(2);
    fillGreys(greys, { ...twelve, inverse: true }, [2048, 4096], false);
    paintGrey(new Uint16Array([0, 4095]), greys, target);
    expect([...target]).toEqual([0xffffffff, 0xff000000]);
    fillGreys(greys, { ...twelve, inverse: true }, [2048, 4096], true);
    paintGrey(new Uint16Array([0, 4095]), greys, target);
    expect([...target]).toEqual([0xff000000, 0xffffffff]);
  });

  it("paints colours in the canvas's byte order", () => {
    const meta = readMeta({ rows: 1, columns: 1, samples: 3, bitsAllocated: 8, bitsStored: 8 });
    const greys = new Uint8Array(256);
    fillGreys(greys, meta, firstWindow(new Uint8Array([255, 0, 0]), meta), false);
    const target = new Uint32Array(1);
    paintColour(new Uint8Array([255, 0, 0]), greys, target);
    expect(target[0]).toBe(0xff0000ff);
  });
});

describe("firstWindow", () => {
  it("takes the picture's own window", () => {
    const meta = readMeta({ rows: 1, columns: 4, windows: [[100, 50]] });
    expect(firstWindow(new Uint16Array(4), meta)).toEqual([100, 50]);
  });

  it("spares the few extreme pixels otherwise", () => {
    const pixels = new Uint16Array(1000).map((_, place) => 500 + (place % 101));
    pixels[0] = 0;
    pixels[1] = 4095;
    const [center, width] = firstWindow(pixels, { ...twelve, columns: 1000 });
    expect(center).toBeCloseTo(550, 0);
    expect(width).toBeLessThan(110);
  });
});

it("re-windows 1.5 million pixels with one look-up each", () => {
  const greys = new Uint8Array(65536);
  const target = new Uint32Array(1_500_000);
  fillGreys(greys, twelve, [2048, 4096], false);
  paintGrey(new Uint16Array(1_500_000).fill(4095), greys, target);
  expect(target.at(-1)).toBe(0xffffffff);
});
