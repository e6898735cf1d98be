import { meta } from "../dom";
import { leaving } from "../leaving";
import { refusal, words } from "../words";
import type { Change, Value } from "./mouth";

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 15_000;

export type Saved =
  | { kind: "saving" }
  | { kind: "saved" }
  | { kind: "waiting"; text: string }
  | { kind: "closed"; text: string };

/** A value that the server did not take; `held` is what somebody else typed there meanwhile. */
export interface Refused extends Change {
  message: string;
  held?: Value;
}

interface Answer {
  refused?: Refused[];
  message?: string;
}

const keyOf = (change: Change): string => `${change.tooth} ${change.site} ${change.field}`;

/** Put newer values over older ones of the same places; what the older took the place of stays. */
function over(older: Change[], newer: Change[]): Change[] {
  const known = new Map(older.map((one) => [keyOf(one), one]));
  const keys = new Set(newer.map(keyOf));
  const written = newer.map((one) => {
    const before = known.get(keyOf(one));
    return before?.was ? { ...one, was: before.was } : one;
  });
  return [...older.filter((one) => !keys.has(keyOf(one))), ...written];
}

/** What was sent and not answered may be there: the next one takes its place too. */
const sent = (change: Change): Change =>
  change.was ? { ...change, was: [...new Set([...change.was, change.value])] } : change;

/**
 * Sends each value at once; those typed meanwhile leave together with the next request. What the
 * server has not confirmed waits in this tab, named after who typed it, and leaves again.
 */
export class Queue {
  private waiting: Change[];
  private leaves: Change[] = [];
  private retryMs = FIRST_RETRY_MS;
  private timer = 0;
  private isClosed = false;
  private going: Promise<void> | null = null;
  private readonly storeKey: string;
  readonly hand = crypto.randomUUID?.() ?? String(Math.random()).slice(2);

  constructor(
    private readonly url: string,
    exam: string,
    private readonly say: (state: Saved) => void,
    private readonly refused: (messages: string[], values: Refused[]) => void,
  ) {
    this.storeKey = `perio:${document.body.dataset.person ?? ""}:${exam}`;
    this.waiting = this.stored();
  }

  /** What the server does not know yet, oldest first. */
  get unsaved(): Change[] {
    return [...this.leaves, ...this.waiting];
  }

  push(changes: Change[]): void {
    if (changes.length === 0) return;
    this.waiting = over(this.waiting, changes);
    this.keep();
    void this.flush();
  }

  /** Send until nothing is left, or until the server cannot be reached. */
  flush(): Promise<void> {
    this.going ??= this.sendAll().finally(() => {
      this.going = null;
    });
    return this.going;
  }

  private async sendAll(): Promise<void> {
    window.clearTimeout(this.timer);
    while (this.waiting.length > 0 && !this.isClosed) {
      this.say({ kind: "saving" });
      this.leaves = this.waiting.slice(0, 400);
      this.waiting = this.waiting.slice(400);
      if (!(await this.sendOnce())) return;
    }
    if (!this.isClosed) this.say({ kind: "saved" });
  }

  private async sendOnce(): Promise<boolean> {
    try {
      const answer = await fetch(this.url, {
        method: "POST",
        headers: { "X-CSRFToken": meta("csrf-token"), "HX-Request": "true" },
        body: new URLSearchParams({ changes: JSON.stringify(this.leaves), hand: this.hand }),
        keepalive: true,
        redirect: "error",
      });
      return await this.heard(answer);
    } catch {
      return this.later(words.unreachable);
    }
  }

  private async heard(answer: Response): Promise<boolean> {
    const elsewhere = answer.headers.get("HX-Redirect");
    if (elsewhere) {
      this.later(refusal(answer.status));
      leaving.to(elsewhere);
      return false;
    }
    if (answer.ok || answer.status === 400) {
      const said = (await answer.json()) as Answer;
      // What was not understood as a whole is given back whole.
      const message = said.message ?? "";
      const all = answer.ok ? [] : this.leaves.map((one) => ({ ...one, message }));
      this.done();
      const refused = said.refused ?? all;
      const messages = [message, ...refused.map((one) => one.message)].filter(Boolean);
      if (messages.length) this.refused([...new Set(messages)], refused);
      return true;
    }
    if (answer.status === 409) {
      const said = (await answer.json()) as Answer;
      this.isClosed = true;
      this.say({ kind: "closed", text: said.message ?? "" });
      return false;
    }
    return this.later(refusal(answer.status, answer.headers.get("X-Incident") ?? ""));
  }

  private done(): void {
    this.leaves = [];
    this.retryMs = FIRST_RETRY_MS;
    this.keep();
  }

  private later(text: string): false {
    this.waiting = over(this.leaves.map(sent), this.waiting);
    this.leaves = [];
    this.keep();
    this.say({ kind: "waiting", text });
    this.timer = window.setTimeout(() => void this.flush(), this.retryMs);
    this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS);
    return false;
  }

  private keep(): void {
    if (this.unsaved.length === 0) sessionStorage.removeItem(this.storeKey);
    else sessionStorage.setItem(this.storeKey, JSON.stringify(this.unsaved));
  }

  private stored(): Change[] {
    try {
      const read: unknown = JSON.parse(sessionStorage.getItem(this.storeKey) ?? "[]");
      return Array.isArray(read) ? (read as Change[]).map(sent) : [];
    } catch {
      return [];
    }
  }

  leave(): void {
    window.clearTimeout(this.timer);
  }
}
