import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { leaving } from "../leaving";
import type { Change } from "./mouth";
import { Queue, type Refused, type Saved } from "./queue";
import { refusedText } from "./words";

vi.mock("htmx.org", () => ({ default: { ajax: vi.fn() } }));

const depth = (site: string, value: number | null): Change => ({
  tooth: 16,
  site,
  field: "depth",
  value,
});

let states: Saved[];
let refused: string[];
let sent: Change[][];

beforeEach(() => {
  vi.useFakeTimers();
  sessionStorage.clear();
  states = [];
  refused = [];
  sent = [];
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function server(...answers: (Response | Error)[]): void {
  vi.stubGlobal("fetch", (_url: string, asked: { body: URLSearchParams }) => {
    sent.push(JSON.parse(asked.body.get("changes") ?? "[]") as Change[]);
    const next = answers.shift() ?? Response.json({ kept: 1, refused: [] });
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  });
}

const queue = (): Queue =>
  new Queue(
    "/valeurs/",
    "exam",
    (state) => states.push(state),
    (messages) => refused.push(...messages),
  );

test("values that were not understood are given back, and their names too", async () => {
  const back: Refused[] = [];
  server(Response.json({ message: "Des valeurs n’ont pas été comprises." }, { status: 400 }));
  const it = new Queue(
    "/valeurs/",
    "exam",
    (state) => states.push(state),
    (messages, values) => {
      refused.push(...messages);
      back.push(...values);
    },
  );
  it.push([depth("MV", 3), depth("V", 2)]);
  await it.flush();
  expect(refused).toEqual(["Des valeurs n’ont pas été comprises."]);
  expect(back.map(refusedText)).toEqual(["16 MV profondeur 3", "16 V profondeur 2"]);
  expect(it.unsaved).toEqual([]);
  const strange = { tooth: 16, site: "V", field: "keratin", value: 4, message: "" };
  expect(refusedText(strange as unknown as Refused)).toBe("16 V keratin 4");
});

test("the first value leaves at once, those typed meanwhile leave together", async () => {
  server();
  const it = queue();
  it.push([depth("MV", 3)]);
  it.push([depth("V", 2)]);
  it.push([depth("V", 4)]);
  await it.flush();
  expect(sent).toEqual([[depth("MV", 3)], [depth("V", 4)]]);
  expect(it.unsaved).toEqual([]);
  expect(sessionStorage.length).toBe(0);
  expect(states.at(-1)).toEqual({ kind: "saved" });
});

test("what the server does not hear waits in the tab, and leaves again by itself", async () => {
  server(new TypeError("offline"));
  const it = queue();
  it.push([depth("MV", 3)]);
  await it.flush();
  expect(states.at(-1)?.kind).toBe("waiting");
  expect(queue().unsaved).toEqual([depth("MV", 3)]);
  await vi.advanceTimersByTimeAsync(1_100);
  expect(sent).toHaveLength(2);
  expect(it.unsaved).toEqual([]);
});

test("a value typed again while the server was away is the one that leaves", async () => {
  server(new TypeError("offline"));
  const it = queue();
  it.push([depth("MV", 3)]);
  it.push([depth("MV", 5)]);
  await it.flush();
  expect(it.unsaved).toEqual([depth("MV", 5)]);
});

test("an impossible value is told and does not hold up the others", async () => {
  server(Response.json({ kept: 0, refused: [{ message: "De 0 à 15." }] }));
  const it = queue();
  it.push([depth("MV", 16)]);
  await it.flush();
  expect(refused).toEqual(["De 0 à 15."]);
  expect(it.unsaved).toEqual([]);
});

test("a closed examination keeps what it did not take on the screen", async () => {
  server(Response.json({ message: "Clos." }, { status: 409 }));
  const it = queue();
  it.push([depth("MV", 9)]);
  await it.flush();
  expect(states.at(-1)).toEqual({ kind: "closed", text: "Clos." });
  expect(it.unsaved).toEqual([depth("MV", 9)]);
});

test("the lock takes the page away, not the values", async () => {
  const to = vi.spyOn(leaving, "to").mockReturnValue();
  server(new Response(null, { status: 423, headers: { "HX-Redirect": "/verrou/" } }));
  const it = queue();
  it.push([depth("MV", 3)]);
  await it.flush();
  expect(to).toHaveBeenCalledWith("/verrou/");
  expect(queue().unsaved).toEqual([depth("MV", 3)]);
  it.leave();
});

const typed = (value: number, ...was: (number | null)[]): Change => ({ ...depth("V", value), was });

test("what waits keeps what it took the place of, however often it is typed again", async () => {
  server(new TypeError("offline"));
  const it = queue();
  it.push([typed(9, 2)]);
  await it.flush();
  it.push([typed(8, 9)]);
  // The 9 was sent and not answered: it may be there.
  expect(it.unsaved).toEqual([typed(8, 2, 9)]);
  expect(queue().unsaved[0]?.was).toEqual([2, 9, 8]);
  it.leave();
});

test("what somebody else overtook comes back with what is there, told once", async () => {
  const back = { ...typed(9, null), message: "Noté entre-temps.", held: 3 };
  server(Response.json({ kept: 0, refused: [back, { ...back, site: "MV" }] }));
  const it = queue();
  it.push([typed(9, null)]);
  await it.flush();
  expect(refused).toEqual(["Noté entre-temps."]);
  expect(it.unsaved).toEqual([]);
  expect(refusedText(back)).toBe("16 V profondeur 9 (noté entre-temps\u00a0: 3)");
  expect(
    refusedText({ tooth: 16, site: "", field: "presence", value: "missing", message: "" }),
  ).toBe("16 absente");
});
