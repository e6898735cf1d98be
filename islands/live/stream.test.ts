import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { retryDelay } from "./backoff";
import { type Message, parse, Stream } from "./stream";

class FakeSource {
  static readonly CLOSED = 2;
  static made: FakeSource[] = [];
  onopen: () => void = () => {};
  onerror: () => void = () => {};
  onmessage: (event: { data: string; lastEventId: string }) => void = () => {};
  readyState = 0;

  constructor(readonly url: URL) {
    FakeSource.made.push(this);
  }

  close(): void {
    this.readyState = FakeSource.CLOSED;
  }
}

const last = () => FakeSource.made.at(-1) as FakeSource;

beforeEach(() => {
  FakeSource.made = [];
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", FakeSource);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("waits longer and longer, never the same for all, never over 30 s", () => {
  expect(retryDelay(0, 0)).toBe(500);
  expect(retryDelay(0, 0.999)).toBeLessThanOrEqual(1000);
  expect(retryDelay(3, 0)).toBe(4000);
  expect(retryDelay(50, 0.999)).toBeLessThanOrEqual(30_000);
});

it("reads events and refuses what is not one", () => {
  expect(parse('{"id":7,"name":"pictures","data":{"patient":"p"}}')).toEqual({
    id: 7,
    name: "pictures",
    data: { patient: "p" },
  });
  expect(parse("hello")).toBeNull();
  expect(parse("{}")).toBeNull();
});

it("comes back after a break and asks for what it missed", () => {
  const told: Message[] = [];
  new Stream("/live/", (message) => told.push(message)).open();
  last().onopen();
  last().onmessage({ data: '{"id":41,"name":"pictures","data":{}}', lastEventId: "41" });
  last().onerror();
  vi.advanceTimersByTime(1000);
  expect(FakeSource.made).toHaveLength(2);
  expect(last().url.searchParams.get("last_event_id")).toBe("41");
  last().onopen();
  expect(told.map((message) => message.kind)).toEqual(["state", "event", "state", "state"]);
  expect(told.at(-1)).toMatchObject({ up: true });
});

it("stops knocking when the login is over", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve({ status: 401 }));
  const told: Message[] = [];
  new Stream("/live/", (message) => told.push(message)).open();
  last().readyState = FakeSource.CLOSED;
  last().onerror();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told.at(-1)).toEqual({ kind: "over" });
  const attempts = FakeSource.made.length;
  await vi.advanceTimersByTimeAsync(120_000);
  expect(FakeSource.made).toHaveLength(attempts);
});
