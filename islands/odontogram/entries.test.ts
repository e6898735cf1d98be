import { expect, test } from "vitest";
import { concerned, findingsOf, inOrder, Touched, touchedOnly, Waiting, wordsOf } from "./entries";
import { statusFor } from "./tools";

class Store {
  readonly kept = new Map<string, string>();
  getItem(name: string): string | null {
    return this.kept.get(name) ?? null;
  }
  setItem(name: string, value: string): void {
    this.kept.set(name, value);
  }
  removeItem(name: string): void {
    this.kept.delete(name);
  }
}

const entry = (key: string) => ({ key, words: key, line: key });

test("what waits is kept until its answer came, also by the page that comes after", () => {
  const store = new Store();
  const waiting = new Waiting(store, "mouth:anne:1");
  waiting.add(entry("a"));
  waiting.add(entry("b"));
  waiting.drop("a");
  expect(new Waiting(store, "mouth:anne:1").all.map((one) => one.key)).toEqual(["b"]);
  expect(new Waiting(store, "mouth:bob:1").all).toEqual([]);
  waiting.drop("b");
  expect(store.kept.size).toBe(0);
});

test("a store that holds something else is no entry", () => {
  const store = new Store();
  for (const text of ["{", "{}", "null"]) {
    store.setItem("mouth", text);
    expect(new Waiting(store, "mouth").all).toEqual([]);
  }
});

test("surfaces are said in one order, whatever the order of the clicks", () => {
  expect(inOrder(["D", "M", "O", "M", ""])).toBe("MOD");
});

test("a surface touched twice is let go of", () => {
  const touched = new Touched();
  touched.toggleAll([16], "M");
  touched.toggleAll([16], "O");
  touched.toggleAll([16], "M");
  expect(touched.surfacesOf(16)).toBe("O");
  expect(touched.surfacesOf(26)).toBe("");
});

test("a stroke gives one finding a tooth, or one for all that a span covers", () => {
  const touched = new Touched();
  touched.add(16, "O");
  touched.add(15, "O");
  const common = { kind: "filling", status: "planned" };
  expect(findingsOf(touched, "surfaces", common)).toEqual([
    { ...common, teeth: [16], surfaces: "O" },
    { ...common, teeth: [15], surfaces: "O" },
  ]);
  expect(findingsOf(touched, "tooth", common)[0]?.surfaces).toBe("");
  expect(findingsOf(touched, "span", common)).toEqual([
    { ...common, teeth: [16, 15], surfaces: "" },
  ]);
});

test("a span of one tooth is none", () => {
  const touched = new Touched();
  touched.add(16);
  expect(findingsOf(touched, "span", { kind: "bridge", status: "existing" })).toEqual([]);
});

test("what is seen is neither to do nor done", () => {
  expect(statusFor({ isSeen: true }, "planned")).toBe("existing");
  expect(statusFor({ isSeen: true }, "watch")).toBe("watch");
  expect(statusFor({ isSeen: false }, "planned")).toBe("planned");
  expect(statusFor(null, "done")).toBe("done");
});

test("what waits is told in a few words", () => {
  const common = { kind: "filling", status: "existing" };
  const found = findingsOf(touchedOnly([16, 26], ["D", "M"]), "surfaces", common);
  expect(wordsOf(found, "Obturation")).toBe("16 MD, 26 MD Obturation");
  const bridge = findingsOf(touchedOnly([24, 25, 26]), "span", { ...common, kind: "bridge" });
  expect(wordsOf(bridge, "Bridge")).toBe("24-25-26 Bridge");
});

test("a surface goes on all the teeth that are chosen, and off all of them once all have it", () => {
  const touched = new Touched();
  touched.toggleAll([18], "M");
  touched.toggleAll([18, 17, 16], "O");
  const findings = findingsOf(touched.withSurfaces(), "surfaces", {
    kind: "filling",
    status: "done",
  });
  expect(findings.map(({ teeth, surfaces }) => [...teeth, surfaces])).toEqual([
    [18, "MO"],
    [17, "O"],
    [16, "O"],
  ]);
  touched.toggleAll([18, 17, 16], "O");
  expect(touched.withSurfaces().all).toEqual([18]);
});

test("a press on a chosen tooth concerns all that are chosen, one beside them only itself", () => {
  const chosen = new Set([16, 17]);
  expect(concerned(17, chosen)).toEqual([16, 17]);
  expect(concerned(26, chosen)).toEqual([26]);
  expect(concerned(16, new Set())).toEqual([16]);
});
