import { adoptBeside, putBeside, showBeside } from "./beside";
import { make, meta } from "./dom";
import { clock } from "./times";
import { words } from "./words";

const PAUSE_MS = 800;
const RETRY_MS = 5000;

interface Kept {
  text: string;
  version?: string;
}

function readShared(stored: string): Kept {
  try {
    const { text, version } = JSON.parse(stored) as Partial<Kept>;
    return { text: String(text ?? ""), version: String(version ?? "") };
  } catch {
    return { text: stored, version: "" };
  }
}

/** Keeps what a person types: on the server, and on this workstation while it cannot be reached. */
export class Draft {
  private timer = 0;
  private sent: string;
  private closed = false;
  private failures = 0;
  private readonly state: HTMLElement;
  private readonly reading = make(
    "button",
    { type: "button", class: "button button-quiet button-small" },
    words.readNote,
  );

  constructor(private readonly area: HTMLTextAreaElement) {
    this.sent = area.value;
    this.state = make("output", { class: "draft-state", for: area.id || false });
    area.after(this.state);
    this.restore();
    area.addEventListener("input", () => this.later(PAUSE_MS));
    area.addEventListener("blur", () => void this.send());
    area.form?.addEventListener("submit", () => this.stop());
  }

  private get storeKey(): string {
    // A workstation is shared: what waits here is named after who typed it.
    // What several people write goes to its own place alone: the lock page sends on only drafts.
    const kind = this.isShared ? "shared" : "draft";
    return `${kind}:${document.body.dataset.person ?? ""}:${this.area.dataset.draft}`;
  }

  private get isShared(): boolean {
    return Boolean(this.area.dataset.draftVersion);
  }

  /** Keep the text here and, where several people write, the version that it was typed against. */
  private keep(text: string): void {
    const version = this.area.dataset.draftVersion;
    sessionStorage.setItem(this.storeKey, version ? JSON.stringify({ text, version }) : text);
  }

  /** What is kept and, where several people write in it, the version that this text follows. */
  private get names(): Record<string, string> {
    const { draft = "", draftVersion } = this.area.dataset;
    return draftVersion ? { key: draft, version: draftVersion } : { key: draft };
  }

  private restore(): void {
    // A form that was opened for somebody takes up nothing that was typed for another one.
    const isAfresh = "draftAfresh" in this.area.dataset;
    const stored = isAfresh ? null : sessionStorage.getItem(this.storeKey);
    if (stored !== null) this.take(this.isShared ? readShared(stored) : { text: stored });
    if (this.isShared) showBeside(this.area.dataset.draft ?? "", this.state);
  }

  /** Take up what was kept; what was typed against another version stands beside, unsent. */
  private take({ text, version }: Kept): void {
    if (text === this.area.value) return;
    if (version === this.area.dataset.draftVersion) {
      this.area.value = text;
      this.later(PAUSE_MS);
      this.say(words.draftRestored);
      return;
    }
    sessionStorage.removeItem(this.storeKey);
    if (this.area.value.includes(text)) return;
    putBeside(this.area.dataset.draft ?? "", text);
    this.say(words.draftBeside, "attention");
  }

  private later(delay: number): void {
    this.closed = false;
    window.clearTimeout(this.timer);
    if (delay === PAUSE_MS) this.say(words.draftWaiting);
    this.timer = window.setTimeout(() => void this.send(), delay);
  }

  /** Forget the draft: its text is being saved for good. */
  stop(): void {
    this.closed = true;
    window.clearTimeout(this.timer);
    sessionStorage.removeItem(this.storeKey);
    this.say("");
  }

  /** Send what is not sent yet; `leaving` outlives the page. */
  async send(leaving = false): Promise<void> {
    const text = this.area.value;
    window.clearTimeout(this.timer);
    if (this.closed || text === this.sent || !this.area.isConnected) return;
    this.keep(text);
    try {
      const answer = await fetch(this.area.dataset.draftUrl ?? "", {
        method: "POST",
        headers: { "X-CSRFToken": meta("csrf-token"), Accept: "application/json" },
        body: new URLSearchParams({ ...this.names, text }),
        keepalive: leaving,
        redirect: "error",
      });
      if (answer.status === 409) {
        this.refuse((await answer.json()) as { error?: string });
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      if (this.area.dataset.draftVersion) this.numbered(answer.headers.get("X-Draft-Version"));
      this.arrived(text);
    } catch {
      if (this.closed) return;
      this.say(words.draftKeptHere, "attention");
      this.later(RETRY_MS * 2 ** Math.min(this.failures, 4));
      this.failures += 1;
    }
  }

  /** What several people write has a version: the next text names the one that this one made. */
  private numbered(version: string | null): void {
    if (version === null) return;
    this.area.dataset.draftVersion = version;
    const field = this.area.form?.elements.namedItem("version");
    if (field instanceof HTMLInputElement) field.value = version;
  }

  /** Somebody else wrote meanwhile: the words stay here, and nothing of hers is overwritten. */
  private refuse(answer: { error?: string }): void {
    this.closed = true;
    this.say(answer.error ?? words.draftKeptHere, "attention");
    if (this.isShared) this.offerReading();
  }

  /** The newer words come with the page; those that wait here stand beside them then. */
  private offerReading(): void {
    if (this.reading.isConnected) return;
    this.reading.addEventListener("click", () => location.reload(), { once: true });
    this.state.after(this.reading);
  }

  private arrived(text: string): void {
    this.sent = text;
    this.failures = 0;
    this.reading.remove();
    if (this.closed) return;
    if (this.area.value !== text) {
      this.later(PAUSE_MS);
      return;
    }
    sessionStorage.removeItem(this.storeKey);
    this.say(words.draftSaved(clock(new Date())));
  }

  private say(text: string, level = ""): void {
    this.state.textContent = text;
    this.state.dataset.level = level;
  }
}

/** Send everything that is not sent yet, before the screen is emptied. */
export async function flushDrafts(): Promise<void> {
  await Promise.all([...drafts.values()].map((draft) => draft.send(true)));
}

const drafts = new Map<HTMLTextAreaElement, Draft>();

function adopt(): void {
  adoptBeside();
  for (const area of drafts.keys()) if (!area.isConnected) drafts.delete(area);
  for (const area of document.querySelectorAll<HTMLTextAreaElement>("textarea[data-draft]")) {
    if (!drafts.has(area)) drafts.set(area, new Draft(area));
  }
}

/** Keep every `<textarea data-draft="key" data-draft-url="…">` from being lost. */
export function startDrafts(): void {
  adopt();
  document.body.addEventListener("htmx:afterSettle", adopt);
  const sendAll = (leaving: boolean) => {
    for (const draft of drafts.values()) void draft.send(leaving);
  };
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") sendAll(true);
  });
  window.addEventListener("pagehide", () => sendAll(true));
  window.addEventListener("online", () => sendAll(false));
}
