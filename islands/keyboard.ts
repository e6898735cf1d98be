import { meta } from "./dom";
import { flushDrafts } from "./drafts";
import { flushKeptForms } from "./keptforms";
import { toast } from "./toasts";
import { words } from "./words";

/** A page says that a person is there at most this often. */
const PING_MS = 15_000;
/** What was just typed has this long to reach the server before the screen is emptied. */
const LAST_WORDS_MS = 1500;
const LOCK_URL = "/verrou/";
const BACK = "lock:back";
const GESTURES = ["keydown", "pointerdown", "pointermove", "wheel", "touchstart"] as const;

type Word = { kind: "input" | "lock" | "open"; sitting: string };

/** Send an empty form of ours; the answer's status is what matters. */
async function post(url: string, fields: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "X-CSRFToken": meta("csrf-token"), Accept: "application/json" },
    body: new URLSearchParams(fields),
    redirect: "manual",
  });
}

/** How long a page may still stay as it is, in ms; all three in ms, on one clock. */
export function leftMs(nowMs: number, lastInputMs: number, idleMs: number): number {
  return Math.max(0, idleMs - (nowMs - lastInputMs));
}

/** Watches over one page: tells the server of real input, empties the screen when it locks. */
export class Keyboard {
  private lastInput = performance.now();
  private lastPing = performance.now();
  private covered = false;
  private readonly channel = new BroadcastChannel("quenotte-keyboard");

  constructor(
    private readonly sitting: string,
    private readonly person: string,
    private readonly idleMs: number,
  ) {}

  start(): void {
    for (const name of GESTURES) {
      document.addEventListener(name, (event) => this.touched(event), {
        capture: true,
        passive: true,
      });
    }
    document.addEventListener("keydown", (event) => this.shortcut(event));
    document.addEventListener("submit", (event) => this.asked(event));
    document.addEventListener("visibilitychange", () => this.seenAgain());
    document.body.addEventListener("live:session.lock", (event) => {
      const detail = (event as CustomEvent<{ sitting?: string }>).detail;
      if (detail?.sitting === this.sitting) void this.follow();
    });
    document.body.addEventListener("live:locked", () => void this.follow());
    this.channel.onmessage = (event: MessageEvent<Word>) => this.heard(event.data);
    this.say("open");
    window.setTimeout(() => void this.watch(), this.idleMs);
    this.guardBackForward();
  }

  private say(kind: Word["kind"]): void {
    this.channel.postMessage({ kind, sitting: this.sitting } satisfies Word);
  }

  private heard(word: Word): void {
    if (word.kind === "lock" && word.sitting === this.sitting) void this.follow();
    if (word.kind === "input" && word.sitting === this.sitting) this.lastInput = performance.now();
    // The keyboard went to somebody else: this page is no longer for who sits there.
    if (word.kind === "open" && word.sitting !== this.sitting) this.cover();
  }

  private touched(event: Event): void {
    // What a script makes up is nobody's gesture.
    if (!event.isTrusted || this.covered) return;
    const now = performance.now();
    this.lastInput = now;
    if (now - this.lastPing < Math.min(PING_MS, this.idleMs / 4)) return;
    this.lastPing = now;
    this.say("input");
    post(`${LOCK_URL}presence/`).then(
      (answer) => answer.status === 423 && void this.follow(),
      () => undefined,
    );
  }

  private shortcut(event: KeyboardEvent): void {
    if (!(event.ctrlKey && event.altKey && event.key.toLowerCase() === "l")) return;
    event.preventDefault();
    void this.lock();
  }

  private asked(event: SubmitEvent): void {
    if (!(event.target as HTMLFormElement).matches("form[data-lock]")) return;
    event.preventDefault();
    void this.lock();
  }

  private seenAgain(): void {
    if (document.visibilityState === "visible") void this.watch(true);
  }

  /** Ask the server when nobody touched this page for long: it knows of every tab. */
  private async watch(now = false): Promise<void> {
    const left = leftMs(performance.now(), this.lastInput, this.idleMs);
    if (left > 0 && !now) {
      window.setTimeout(() => void this.watch(), left + 50);
      return;
    }
    try {
      const answer = await post(`${LOCK_URL}inactif/`);
      if (answer.status === 200) {
        const { left_s: leftS } = (await answer.json()) as { left_s: number };
        this.lastInput = performance.now() - (this.idleMs - leftS * 1000);
        if (!now) window.setTimeout(() => void this.watch(), leftS * 1000 + 50);
        return;
      }
    } catch {
      // Out of reach: an empty screen is the safe one, unless somebody is there.
      if (left > 0) return;
    }
    void this.follow();
  }

  /** Lock by will: keep what is typed, tell the server and the other tabs, empty the screen. */
  private async lock(): Promise<void> {
    const here = location.pathname + location.search;
    await this.lastWords();
    await post(`${LOCK_URL}poser/`, { suite: here }).catch(() => undefined);
    this.say("lock");
    this.cover();
  }

  /** The lock was put on elsewhere, or by time. */
  private async follow(): Promise<void> {
    await this.lastWords();
    this.cover();
  }

  private lastWords(): Promise<unknown> {
    const late = new Promise((resolve) => window.setTimeout(resolve, LAST_WORDS_MS));
    return Promise.race([Promise.all([flushDrafts(), flushKeptForms()]), late]);
  }

  private cover(): void {
    if (this.covered) return;
    this.covered = true;
    sessionStorage.setItem(BACK, `${this.person} ${location.pathname}${location.search}`);
    document.title = words.locked;
    document.body.replaceChildren();
    location.replace(LOCK_URL);
  }

  /** A page that waits in the browser's memory is hidden before it is shown again. */
  private guardBackForward(): void {
    const root = document.documentElement;
    window.addEventListener("pagehide", () => {
      root.dataset.away = "true";
    });
    window.addEventListener("pageshow", async (event) => {
      if (!event.persisted) return;
      const answer = await post(`${LOCK_URL}inactif/`).catch(() => null);
      if (answer?.status === 200) delete root.dataset.away;
      else location.reload();
    });
  }
}

/** Watch over every page of somebody who is logged in (`<body data-sitting data-idle-s>`). */
export function startKeyboard(): void {
  const { sitting, person, idleS } = document.body.dataset;
  if (!sitting || !person || !idleS) return;
  sessionStorage.removeItem(BACK);
  new Keyboard(sitting, person, Number(idleS) * 1000).start();
  document.body.addEventListener("live:people.notice", (event) => {
    const kind = (event as CustomEvent<{ kind?: string }>).detail?.kind ?? "";
    const text = words.notices[kind];
    if (text) toast({ text, level: "attention" });
  });
}

/** Return the page that this tab showed before it was locked, for the person who locked it. */
export function pageBefore(person: string): string {
  const [whose = "", page = "/"] = (sessionStorage.getItem(BACK) ?? "").split(" ");
  return whose === person ? page : "/";
}
