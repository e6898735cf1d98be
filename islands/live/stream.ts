import { retryDelay } from "./backoff";

export interface LiveEvent {
  id: number | string;
  name: string;
  data: unknown;
}

export type Message =
  | { kind: "event"; event: LiveEvent }
  | { kind: "state"; up: boolean; gapMs: number }
  | { kind: "over" }
  | { kind: "locked" };

/** One line to the server that comes back by itself and says what it missed. */
export class Stream {
  private source: EventSource | null = null;
  private last = "";
  private attempt = 0;
  private downSince = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  up = false;
  isOver = false;

  constructor(
    private readonly url: string,
    private readonly tell: (message: Message) => void,
  ) {}

  open(): void {
    this.isOver = false;
    clearTimeout(this.timer);
    this.source?.close();
    const address = new URL(this.url, self.location.href);
    // A new EventSource cannot set the Last-Event-ID header itself.
    if (this.last) address.searchParams.set("last_event_id", this.last);
    this.source = new EventSource(address);
    this.source.onopen = () => this.opened();
    this.source.onerror = () => this.failed();
    this.source.onmessage = (message) => this.received(message);
  }

  close(): void {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  private opened(): void {
    this.attempt = 0;
    this.up = true;
    const gapMs = this.downSince ? Date.now() - this.downSince : 0;
    this.downSince = 0;
    this.tell({ kind: "state", up: true, gapMs });
  }

  private failed(): void {
    // Closed by the browser: the server answered, but refused.
    const isRefused = this.source?.readyState === EventSource.CLOSED;
    this.source?.close();
    this.up = false;
    this.downSince ||= Date.now();
    this.tell({ kind: "state", up: false, gapMs: 0 });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(), retryDelay(this.attempt, Math.random()));
    this.attempt += 1;
    if (isRefused) void this.askWhy();
  }

  /** An EventSource never tells the status: ask once, and stop knocking when the login is over. */
  private async askWhy(): Promise<void> {
    const asking = new AbortController();
    try {
      const answer = await fetch(this.url, { signal: asking.signal });
      if (![401, 403, 423].includes(answer.status)) return;
      this.close();
      this.isOver = true;
      this.tell({ kind: answer.status === 423 ? "locked" : "over" });
    } catch {
      // Out of reach: the next attempt will tell.
    } finally {
      asking.abort();
    }
  }

  private received(message: MessageEvent<string>): void {
    const event = parse(message.data);
    if (!event) return;
    this.last = message.lastEventId || String(event.id);
    this.tell({ kind: "event", event });
  }
}

/** Read one event, or null for what is not one. */
export function parse(text: string): LiveEvent | null {
  try {
    const read = JSON.parse(text) as Partial<LiveEvent>;
    if (typeof read.name !== "string" || read.id === undefined) return null;
    return { id: read.id, name: read.name, data: read.data ?? null };
  } catch {
    return null;
  }
}
