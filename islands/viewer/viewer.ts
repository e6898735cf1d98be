import { isEditable, make } from "../dom";
import { locale } from "../gettext";
import { type Command, commandsFor } from "./commands";
import { frameOf, Unshown } from "./frames";
import type { Point } from "./geometry";
import { Hands } from "./hands";
import { alertChip, buildPanel, type Panel, showTrouble, showWaiting } from "./panel";
import type { Meta } from "./pixels";
import { Screen } from "./screen";
import { words } from "./words";
import "./viewer.css";

/** A picture that can be shown, and where its neighbours are. */
export interface Shot {
  metaUrl: string;
  frameUrl: string;
  title: string;
  previous: string;
  next: string;
}

export interface Surroundings {
  /** Go to the picture at this address. */
  go: (url: string) => void;
  close: () => void;
  /** Return what is needed to fetch a neighbour ahead of time. */
  shotAt: (url: string) => Shot | null;
}

/** The full-screen picture: what the page and the overlay have in common. */
export class Viewer {
  private readonly screen: Screen;
  private readonly hands: Hands;
  private readonly panel: Panel;
  private readonly commands: Command[];
  private shot: Shot | null = null;
  private pointer: Point | null = null;

  constructor(
    private readonly root: HTMLElement,
    private readonly around: Surroundings,
  ) {
    root.classList.add("viewer");
    const canvas = make("canvas", { class: "viewer-canvas", role: "img", tabindex: 0 });
    this.screen = new Screen(canvas);
    this.commands = commandsFor(this.screen);
    this.panel = buildPanel(root, this.commands, canvas);
    this.hands = new Hands(this.screen, (point) => {
      this.pointer = point;
      this.tell();
    });
    this.screen.onPaint = () => this.tell();
    this.panel.close.addEventListener("click", () => around.close());
    this.panel.before.addEventListener("click", () => this.step("previous"));
    this.panel.after.addEventListener("click", () => this.step("next"));
  }

  /** Fetch a picture and show it; trouble is said in words, with a way to try again. */
  async show(shot: Shot): Promise<void> {
    this.shot = shot;
    this.head(shot.title, "");
    this.panel.alerts.replaceChildren();
    this.neighbours();
    showWaiting(this.panel);
    try {
      const { meta, pixels } = await frameOf(shot.metaUrl, shot.frameUrl);
      if (this.shot !== shot) return;
      this.shot.previous ||= meta.previous;
      this.shot.next ||= meta.next;
      this.panel.notice.hidden = true;
      this.screen.show(meta, pixels);
      this.arrived(shot, meta);
    } catch (error) {
      if (this.shot !== shot) return;
      const text = error instanceof Unshown ? error.message : words.cannotShow;
      this.root.dataset.failed = "true";
      showTrouble(this.panel, text, () => void this.show(shot));
    }
  }

  private arrived(shot: Shot, meta: Meta): void {
    const when = meta.takenAt ? frenchDate(meta.takenAt) : "";
    // Whose picture it is must be read on the picture itself.
    this.head(shot.title || meta.title, [meta.patient, when].filter(Boolean).join(" · "));
    const chips = meta.alerts.map(([tone, text]) => alertChip(tone, text));
    this.panel.alerts.replaceChildren(...chips);
    this.neighbours();
    delete this.root.dataset.failed;
    this.root.dataset.ready = "true";
    for (const url of [shot.next, shot.previous]) {
      const ahead = url ? this.around.shotAt(url) : null;
      if (ahead) frameOf(ahead.metaUrl, ahead.frameUrl).catch(() => {});
    }
  }

  private head(title: string, subtitle: string): void {
    const shown = title || words.picture;
    this.panel.title.textContent = shown;
    this.panel.subtitle.textContent = subtitle;
    this.panel.canvas.setAttribute("aria-label", shown);
    document.title = `${shown} · Quenotte`;
  }

  private neighbours(): void {
    this.panel.before.hidden = !this.shot?.previous;
    this.panel.after.hidden = !this.shot?.next;
  }

  private step(way: "previous" | "next"): void {
    const url = this.shot?.[way];
    if (url) this.around.go(url);
  }

  private tell(): void {
    const [center, width] = this.screen.window;
    const here = this.pointer && this.screen.read(this.pointer);
    const ratio = window.devicePixelRatio || 1;
    this.panel.status.textContent = [
      here ? words.point(here.column, here.row, Math.round(here.value)) : "",
      words.window(Math.round(center), Math.round(width)),
      this.screen.inverse ? words.inverted : "",
      words.zoom(Math.round((this.screen.view.zoom / ratio) * 100)),
    ]
      .filter(Boolean)
      .join("   ·   ");
  }

  /** Answer a key; false when it is not one of the viewer's. */
  key(event: KeyboardEvent): boolean {
    if (isEditable(event.target) || event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === " " && !(event.target instanceof HTMLButtonElement)) {
      this.hands.holdSpace(event.type === "keydown");
      return true;
    }
    if (event.type !== "keydown") return false;
    const action = this.actions()[event.key] ?? this.commandFor(event.key);
    action?.();
    return Boolean(action);
  }

  private actions(): Record<string, () => void> {
    return {
      ArrowLeft: () => this.step("previous"),
      ArrowRight: () => this.step("next"),
      "?": () => {
        this.panel.help.hidden = !this.panel.help.hidden;
      },
      Escape: () => {
        if (this.panel.help.hidden) this.around.close();
        else this.panel.help.hidden = true;
      },
    };
  }

  private commandFor(key: string): (() => void) | undefined {
    const exact = this.commands.find((command) => command.keys.includes(key));
    const loose = () => this.commands.find((command) => command.keys.includes(key.toLowerCase()));
    return (exact ?? loose())?.run;
  }
}

/** Listen to the keys of a viewer; returns how to stop. */
export function listenKeys(viewer: Viewer): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (viewer.key(event)) event.preventDefault();
  };
  document.addEventListener("keydown", onKey, true);
  document.addEventListener("keyup", onKey, true);
  return () => {
    document.removeEventListener("keydown", onKey, true);
    document.removeEventListener("keyup", onKey, true);
  };
}

function frenchDate(text: string): string {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return text;
  return at.toLocaleDateString(locale(), { day: "numeric", month: "long", year: "numeric" });
}
