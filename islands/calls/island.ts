import { claimAlone } from "./heard";
import { Sound } from "./sound";

const ANSWER_KEY = "F2";
const TONES = ["danger", "attention", "info"];

function isPlain(event: KeyboardEvent): boolean {
  return !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat;
}

/** Press the button that a key means; true when there is one. */
export function press(event: KeyboardEvent, root: ParentNode): boolean {
  if (!isPlain(event)) return false;
  if (event.key === ANSWER_KEY) {
    const said = event.shiftKey ? "seen" : "coming";
    const button = root.querySelector<HTMLButtonElement>(`.call-heard button[value=${said}]`);
    button?.click();
    return button !== null;
  }
  if (event.shiftKey || !/^F\d+$/.test(event.key)) return false;
  const button = root.querySelector<HTMLButtonElement>(`[data-call-key="${event.key}"]`);
  button?.click();
  return button !== null;
}

/** Return the seconds until the first call here is over, null when none is open. */
export function firstEnd(root: ParentNode): number | null {
  const left = [...root.querySelectorAll<HTMLElement>("[data-left]")].map((call) =>
    Number(call.dataset.left),
  );
  return left.length > 0 ? Math.min(...left) : null;
}

class Calls {
  private readonly sound = new Sound();
  private readonly title = document.title;
  private readonly watcher = new MutationObserver(() => this.changed());
  private readonly room = new ResizeObserver(() => this.makeRoom());
  private over = 0;

  constructor(private readonly root: HTMLElement) {
    this.watcher.observe(root, { childList: true });
    this.room.observe(root);
    document.addEventListener("keydown", this.onKey);
    document.addEventListener("click", this.onGesture);
    document.addEventListener("keydown", this.onGesture);
    document.body.addEventListener("htmx:afterSettle", this.offerSound);
    this.offerSound();
    this.changed();
  }

  leave(): void {
    this.watcher.disconnect();
    this.room.disconnect();
    window.clearTimeout(this.over);
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("click", this.onGesture);
    document.removeEventListener("keydown", this.onGesture);
    document.body.removeEventListener("htmx:afterSettle", this.offerSound);
    this.sound.leave();
  }

  /** What stands below the bars of the page stands below the calls too. */
  private makeRoom(): void {
    document.documentElement.style.setProperty("--ringing", `${this.root.offsetHeight}px`);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (press(event, document)) event.preventDefault();
  };

  /** Any click or key of the person lets sounds through from then on. */
  private readonly onGesture = (event: Event): void => {
    if (this.sound.isReady) return;
    const isAsked = (event.target as Element).closest("[data-wake]") !== null;
    void this.sound.wake().then(() => {
      this.offerSound();
      // Who asks for sound hears at once what rings; another click is about something else.
      if (isAsked) this.changed();
    });
  };

  private readonly offerSound = (): void => {
    const offer = document.querySelector<HTMLElement>("[data-sound-wake]");
    if (offer) offer.hidden = this.sound.isReady;
    document.body.dataset.sound = this.sound.isReady ? "ready" : "waiting";
  };

  private get isMuted(): boolean {
    return document.getElementById("appels-boutons")?.dataset.muted === "true";
  }

  private changed(): void {
    const heard = [...this.root.querySelectorAll<HTMLElement>("[data-ring]")];
    this.shine(heard);
    this.watchEnd();
    const rings = heard.map((call) => call.dataset.ring ?? "");
    if (rings.length > 0 && !this.isMuted && this.sound.isReady) void this.ringOnce(heard, rings);
  }

  private async ringOnce(heard: HTMLElement[], rings: string[]): Promise<void> {
    const fresh = await claimAlone(localStorage, rings);
    const loudest = heard
      .filter((call) => fresh.includes(call.dataset.ring ?? ""))
      .sort((a, b) => TONES.indexOf(a.dataset.tone ?? "") - TONES.indexOf(b.dataset.tone ?? ""))[0];
    if (loudest) this.sound.ring(loudest.dataset.sound ?? "chime");
  }

  /** The light: a frame around the screen, and the title of the tab. */
  private shine(heard: HTMLElement[]): void {
    const tones = heard.map((call) => call.dataset.tone ?? "");
    const loudest = TONES.find((tone) => tones.includes(tone));
    const said = heard[0]?.dataset.said;
    if (loudest) document.body.dataset.called = loudest;
    else delete document.body.dataset.called;
    document.title = said ? `● ${said}` : this.title;
  }

  /** A call that is over changes its words: ask for them when its time has come. */
  private watchEnd(): void {
    window.clearTimeout(this.over);
    const end = firstEnd(this.root);
    if (end === null) return;
    this.over = window.setTimeout(
      () => {
        document.body.dispatchEvent(new CustomEvent("live:call.over", { detail: null }));
      },
      (end + 1) * 1000,
    );
  }
}

/** Bring the calls of a page to life: keys, light, sound, and their end. */
export function mount(root: HTMLElement): () => void {
  const calls = new Calls(root);
  return () => calls.leave();
}
