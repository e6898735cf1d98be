import { describe, expect, it } from "vitest";
import { isCode, isFirst, isSecond, Keys } from "./keys";

function typed(keys: Keys, text: string, gap: number, start = 0): string | null {
  let at = start;
  let found: string | null = null;
  for (const key of [...text, "Enter"]) {
    at += gap;
    found = keys.press({ key, ctrlKey: false, at }) ?? found;
  }
  return found;
}

describe("Keys", () => {
  it("knows a label typed by a reader, not by a person", () => {
    expect(typed(new Keys(), "ST0000000018", 8)).toBe("ST0000000018");
    expect(typed(new Keys(), "ST0000000018", 150)).toBeNull();
  });

  it("forgets what was typed before", () => {
    const keys = new Keys();
    for (const key of "Bonjour") keys.press({ key, ctrlKey: false, at: 0 });
    expect(typed(keys, "ST0000000018", 8, 2000)).toBe("ST0000000018");
  });

  it("keeps the separator of a product's code", () => {
    const keys = new Keys();
    let at = 0;
    for (const key of "010340093000001010L1") keys.press({ key, ctrlKey: false, at: ++at });
    keys.press({ key: "Control", ctrlKey: true, at: ++at });
    keys.press({ key: "]", ctrlKey: true, at: ++at });
    for (const key of "21S7") keys.press({ key, ctrlKey: false, at: ++at });
    const code = keys.press({ key: "Enter", ctrlKey: false, at: ++at });
    expect(code).toBe("010340093000001010L1\u001d21S7");
  });
});

describe("isCode", () => {
  it.each([
    ["ST0000000018", true],
    ["STàààààààà&è", true],
    ['à&à"\'ààç"àààààà&', true],
    ["]d20103400930000010", true],
    ["+Z901DIGUE151K", true],
    ["]C0+Z901DIGUE151/$$3280628LOT7H", true],
    ["+W\u00e7\u00e0&DIGUE&(&K", true],
    ["+$$3280628LOT7KC", true],
    ["+28180LOT7KC", true],
    ["+33612345678", false],
    ["+44 20 7946 0000", false],
    ["+ tard", false],
    ["bonjour madame", false],
    ["0612345678", false],
  ])("%s", (text, expected) => expect(isCode(text)).toBe(expected));
});

describe("two codes of one label", () => {
  it.each([
    ["+Z901DIGUE151K", true, false],
    ["+Z901DIGUE151/$LOT7H", false, false],
    ["+$LOT7KC", false, true],
    ["+28180LOT7KC", false, true],
    ["ST0000000018", false, false],
    ["+33612345678", false, false],
  ])("%s", (text, first, second) => {
    expect([isFirst(text), isSecond(text)]).toEqual([first, second]);
  });
});
