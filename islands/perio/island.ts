import { putBeside, showBeside } from "../beside";
import { Desk, type Effect } from "./desk";
import { type Command, commandOf, type Pressed } from "./keys";
import { type Mode, Mouth, type Step, type Typing, type Values } from "./mouth";
import { Queue, type Refused } from "./queue";
import { Screen } from "./screen";
import { Tone } from "./sound";
import { refusedText, valueText } from "./words";

interface Heard {
  exam?: string;
  hand?: string;
}

function read(): Typing {
  return JSON.parse(document.getElementById("perio-donnees")?.textContent ?? "{}") as Typing;
}

/** The keyboard of a periodontal examination: each key is a value, kept at once. */
class Perio {
  private readonly typing = read();
  private readonly mouth = new Mouth(this.typing.values);
  private readonly desk: Desk;
  private readonly screen: Screen;
  private readonly queue: Queue;
  private readonly tone = new Tone(this.typing.sound);
  private readonly entry: HTMLInputElement | null;
  private isLeaving = false;
  private givenBack = 0;
  private readonly stop = new AbortController();

  constructor(private readonly root: HTMLElement) {
    this.queue = new Queue(
      this.typing.urls.values,
      this.typing.exam,
      (state) => {
        this.screen.keep(state, this.queue.unsaved);
        if (state.kind === "saved") void this.screen.redraw();
      },
      (messages, values) => {
        this.screen.refuse(messages.join(" "));
        this.giveBack(values);
        void this.readAgain();
      },
    );
    // What a fallen browser left here was typed after what the server knows.
    this.mouth.replace(this.typing.values, this.queue.unsaved);
    this.desk = new Desk(this.typing, this.mouth);
    this.screen = new Screen(root, this.typing, this.mouth, this.desk);
    this.entry = root.querySelector("[data-entry]");
  }

  start(): void {
    const { signal } = this.stop;
    this.entry?.addEventListener("keydown", (event) => this.pressed(event), { signal });
    this.entry?.addEventListener("input", () => this.typed(), { signal });
    this.root.addEventListener("click", (event) => this.clicked(event), { signal });
    document.addEventListener("submit", (event) => void this.submitted(event), { signal });
    document.body.addEventListener("live:perio.typed", (event) => this.heard(event), { signal });
    document.body.addEventListener("live:resync", () => void this.readAgain(), { signal });
    document.body.addEventListener("live:patient.changed", (event) => this.heard(event), {
      signal,
    });
    window.addEventListener("online", () => void this.queue.flush(), { signal });
    this.screen.write();
    this.screen.show();
    showBeside(this.besideKey, this.root.querySelector(".perio-desk"));
    this.entry?.focus({ preventScroll: true });
    if (window.innerHeight < 900) this.root.scrollIntoView({ block: "start" });
    if (this.queue.unsaved.length) void this.queue.flush();
    this.root.dataset.perioReady = "true";
  }

  private get besideKey(): string {
    return `perio:${this.typing.exam}`;
  }

  /** Values that were not taken stay written beside the chart until the examiner has seen them. */
  private giveBack(values: Refused[]): void {
    this.givenBack += values.length;
    putBeside(this.besideKey, values.map(refusedText).join("\n"));
    showBeside(this.besideKey, this.root.querySelector(".perio-desk"));
  }

  leave(): void {
    this.stop.abort();
    this.queue.leave();
    this.tone.leave();
  }

  private pressed(event: KeyboardEvent): void {
    const command = commandOf(event, this.desk);
    if (!command) return;
    event.preventDefault();
    event.stopPropagation();
    this.run(command);
  }

  /** The keyboard of a tablet writes into the field and says nothing of keys. */
  private typed(): void {
    const text = this.entry?.value ?? "";
    if (this.entry) this.entry.value = "";
    for (const key of text) this.press(key);
  }

  private press(key: string): void {
    const pressed: Pressed = { key, code: "", ctrlKey: false, metaKey: false, altKey: false };
    const command = commandOf(pressed, this.desk);
    if (command) this.run(command);
  }

  private clicked(event: MouseEvent): void {
    const target = event.target as Element;
    const mode = target.closest<HTMLElement>("[data-mode]")?.dataset.mode;
    const key = target.closest<HTMLElement>("[data-key]")?.dataset.key;
    const site = target.closest<SVGElement>("[data-site]")?.dataset.site;
    if (mode) this.run({ kind: "mode", mode: mode as Mode });
    if (key) this.press(key);
    if (site) {
      const [tooth, name = ""] = site.split("-");
      this.desk.go([Number(tooth), name] satisfies Step);
      this.after({ changes: [] });
    }
    if (mode || key || site) this.entry?.focus({ preventScroll: true });
  }

  private run(command: Command): void {
    const { desk } = this;
    if (command.kind === "help") {
      this.root.querySelector<HTMLElement>('[data-drawer-open="perio-aide"]')?.click();
      return;
    }
    if (command.kind === "mode") desk.switchTo(command.mode);
    else if (command.kind === "arrow") desk.arrow(command.to);
    else if (command.kind === "nextMode") desk.nextMode();
    else if (command.kind === "tens" || command.kind === "minus") desk.arm(command.kind);
    this.after(this.written(command));
  }

  private written(command: Command): Effect {
    const { desk } = this;
    if (command.kind === "digit") return desk.digit(command.digit);
    if (command.kind === "sign") return desk.sign(command.sign);
    if (command.kind === "presence") return desk.presence(command.presence);
    if (command.kind === "skip") return desk.skip();
    if (command.kind === "back") return desk.back();
    if (command.kind === "erase") return desk.erase();
    if (command.kind === "undo") return desk.undo();
    if (command.kind === "disarm") desk.disarm();
    return { changes: [] };
  }

  private after({ changes, refused = "" }: Effect): void {
    this.screen.refuse(refused);
    const first = changes[0];
    if (refused) this.tone.play("refused");
    else if (first?.field === "depth" && Number(first.value) >= 6) this.tone.play("deep");
    else if (first) this.tone.play("value");
    this.queue.push(changes);
    if (changes.length) this.screen.write();
    this.screen.show();
    const said = first && typeof first.value === "number" ? valueText("depth", first.value) : "";
    this.screen.speak(refused || said);
  }

  private heard(event: Event): void {
    const { exam, hand } = (event as CustomEvent<Heard | null>).detail ?? {};
    if (this.isLeaving || exam !== this.typing.exam || hand === this.queue.hand) return;
    void this.readAgain();
  }

  /** Read what others typed; an examination that is closed is shown as such. */
  private async readAgain(): Promise<void> {
    try {
      const answer = await fetch(this.typing.urls.state, {
        headers: { "HX-Request": "true" },
        redirect: "error",
      });
      if (!answer.ok) return;
      if (this.isLeaving) return;
      const { status, values } = (await answer.json()) as { status: string; values: Values };
      if (status !== "draft" && this.queue.unsaved.length === 0) {
        location.reload();
        return;
      }
      this.mouth.replace(values, this.queue.unsaved);
      this.screen.write();
      this.screen.show();
      void this.screen.redraw();
    } catch {
      // Out of reach: the next event or the next key asks again.
    }
  }

  /** A button that leaves the page waits for the last values. */
  private async submitted(event: SubmitEvent): Promise<void> {
    const form = event.target as HTMLFormElement;
    if (!form.matches("form[data-flush]")) return;
    // From now on the page that comes says how it went: what is told meanwhile is of our own doing.
    this.isLeaving = true;
    if (this.queue.unsaved.length === 0) return;
    event.preventDefault();
    const before = this.givenBack;
    await this.queue.flush();
    // What came back is looked at before the examination is closed without it.
    if (this.queue.unsaved.length === 0 && this.givenBack === before) form.submit();
    else this.isLeaving = false;
  }
}

export function mount(root: HTMLElement): () => void {
  const perio = new Perio(root);
  perio.start();
  return () => perio.leave();
}
