import { adoptBeside, putBeside, readShared, sharedName, showBeside, type Waiting } from "./beside";
import { make, meta } from "./dom";
import { leaving as going } from "./leaving";
import { PUBLIC_PAGE } from "./pages";
import { clock } from "./times";
import { toast } from "./toasts";
import { refusal, words } from "./words";

const PAUSE_MS = 800;
const RETRY_MS = 5000;
const LOCKED = 423;
/** Answers after which the same text may yet arrive: who types unlocks, waits. */
const LATER = new Set([LOCKED, 429]);
/** Answers to a form that htmx draws: what was typed is in them, or saved. */
const DRAWN = new Set([409, 422]);

/** Keeps what a person types: on the server, and on this workstation while it cannot be reached. */
export class Draft {
  private timer = 0;
  private sent: string;
  private closed = false;
  /** The server answered that it will not keep this text: its form may say why. */
  private refused = false;
  /** What the server answered last; 0 while it is out of reach. */
  private status = 0;
  private going: Promise<void> = Promise.resolve();
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
  }

  get form(): HTMLFormElement | null {
    return this.area.form;
  }

  private get storeKey(): string {
    // A workstation is shared: what waits here is named after who typed it.
    // What several people write goes to its own place alone: the lock page sends on only drafts.
    const key = this.area.dataset.draft ?? "";
    return this.isShared ? sharedName(key) : `draft:${document.body.dataset.person ?? ""}:${key}`;
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
  private take({ text, version }: Waiting): void {
    if (text === this.area.value) {
      sessionStorage.removeItem(this.storeKey);
      return;
    }
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
    this.refused = false;
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

  /** Its form is on its way by htmx: until that is answered, what was typed stays here. */
  hold(): void {
    window.clearTimeout(this.timer);
    if (this.area.value !== this.sent) this.keep(this.area.value);
    this.closed = true;
    this.say("");
  }

  /** Its form did not arrive: what was typed is a draft again. */
  reopen(): void {
    this.closed = false;
    if (this.area.value === this.sent) return;
    this.say(words.draftKeptHere, "attention");
    this.later(RETRY_MS);
  }

  /** Tell whether a plain form may leave: the server has this text, or says itself why not. */
  get isSettled(): boolean {
    return this.refused || this.area.value === this.sent;
  }

  /** What keeps its form here: the last answer of the server, 0 when it gave none. */
  get answeredWith(): number {
    return this.status;
  }

  /** Send until a plain form may leave; false when the server cannot be reached. */
  async settle(): Promise<boolean> {
    await this.going;
    // What is typed meanwhile goes too, but nobody waits for ever.
    for (let times = 0; times < 3 && !this.isSettled; times++) await this.send();
    return this.isSettled;
  }

  /** Its form leaves the page: what comes says how it went. */
  close(): void {
    this.closed = true;
    window.clearTimeout(this.timer);
    this.say("");
  }

  /** Send what is not sent yet; `leaving` outlives the page. */
  async send(leaving = false): Promise<void> {
    const text = this.area.value;
    window.clearTimeout(this.timer);
    if (this.closed || text === this.sent || !this.area.isConnected) return;
    this.keep(text);
    this.going = this.post(text, leaving);
    await this.going;
  }

  private async post(text: string, leaving: boolean): Promise<void> {
    this.status = 0;
    try {
      const answer = await fetch(this.area.dataset.draftUrl ?? "", {
        method: "POST",
        // Asked as htmx asks, a login that is over is told by 401, not by a page to go to.
        headers: {
          "X-CSRFToken": meta("csrf-token"),
          Accept: "application/json",
          "HX-Request": "true",
        },
        body: new URLSearchParams({ ...this.names, text }),
        keepalive: leaving,
        redirect: "error",
      });
      this.status = answer.status;
      if (answer.status === 409) {
        // A tablet whose link somebody else took answers with a page.
        this.refuse((await answer.json().catch(() => ({}))) as { error?: string });
        return;
      }
      this.refused = answer.status >= 400 && answer.status < 500 && !LATER.has(answer.status);
      if (!answer.ok) throw new Error(String(answer.status));
      if (this.area.dataset.draftVersion) this.numbered(answer.headers.get("X-Draft-Version"));
      this.arrived(text);
    } catch {
      if (this.closed) return;
      const { refused } = this;
      this.say(words.draftKeptHere, "attention");
      this.later(RETRY_MS * 2 ** Math.min(this.failures, 4));
      this.failures += 1;
      this.refused = refused;
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
    this.refused = true;
    this.say(answer.error ?? words.draftKeptHere, "attention");
    if (this.isShared) this.offerReading();
  }

  /** The newer words come with their page; those that wait here stand beside them then. */
  private offerReading(): void {
    if (this.reading.isConnected) return;
    const { draftPage } = this.area.dataset;
    const read = () => (draftPage ? location.assign(draftPage) : location.reload());
    this.reading.addEventListener("click", read, { once: true });
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

const draftsOf = (form: EventTarget | null): Draft[] =>
  [...drafts.values()].filter((draft) => form !== null && draft.form === form);

const leaving = new WeakSet<HTMLFormElement>();

/** Say why a form stays; a workstation that is locked meanwhile shows its lock. */
function stay(drafts: Draft[]): void {
  const status = drafts.find((draft) => !draft.isSettled)?.answeredWith ?? 0;
  if (status === LOCKED) going.again();
  else toast({ text: status ? refusal(status) : words.notLeft, level: "danger" });
}

/**
 * Let a plain form leave once its drafts are on the server: if the answer never comes, the page is
 * gone, and what was typed with it. Who is not logged in any more leaves too: the login says that
 * nothing was done, and what was typed waits here until she is back.
 */
async function submitted(event: SubmitEvent): Promise<void> {
  const form = event.target as HTMLFormElement;
  const mine = draftsOf(form);
  if (event.defaultPrevented || form.hasAttribute("hx-post") || mine.length === 0) return;
  if (mine.every((draft) => draft.isSettled)) {
    for (const draft of mine) draft.close();
    return;
  }
  event.preventDefault();
  if (leaving.has(form)) return;
  leaving.add(form);
  const settled = await Promise.all(mine.map((draft) => draft.settle()));
  leaving.delete(form);
  if (settled.every(Boolean)) form.requestSubmit(event.submitter);
  else stay(mine);
}

interface Sent {
  elt: HTMLElement;
  xhr?: XMLHttpRequest;
}

/** What htmx tells of a form that it sends: away, answered, not arrived. */
function followForms(): void {
  const on = (name: string, follow: (draft: Draft, sent: Sent) => void) =>
    document.body.addEventListener(name, (event) => {
      const sent = (event as CustomEvent<Sent>).detail;
      for (const draft of draftsOf(sent.elt)) follow(draft, sent);
    });
  on("htmx:beforeSend", (draft) => draft.hold());
  on("htmx:beforeOnLoad", (draft, { xhr }) => {
    const { status = 0, responseText = "" } = xhr ?? {};
    const isAnswer = (status >= 200 && status < 400) || DRAWN.has(status);
    if (isAnswer && !PUBLIC_PAGE.test(responseText)) draft.stop();
    else draft.reopen();
  });
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:sendAbort"])
    on(name, (draft) => draft.reopen());
}

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
  document.addEventListener("submit", (event) => void submitted(event));
  followForms();
  const sendAll = (leaving: boolean) => {
    for (const draft of drafts.values()) void draft.send(leaving);
  };
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") sendAll(true);
  });
  window.addEventListener("pagehide", () => sendAll(true));
  window.addEventListener("online", () => sendAll(false));
}
