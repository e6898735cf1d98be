import { make } from "../dom";
import type { Scope } from "./entries";

/** A tool of the bar, as the server wrote its button. */
export interface Tool {
  kind: string;
  words: string;
  scope: Scope;
  /** Seen, not made: it is never « à faire » nor « fait ». */
  isSeen: boolean;
}

/** What would be charted now: the tool, its status, and what is chosen beside it. */
export interface Taken {
  tool: Tool;
  status: string;
  details: { material?: string; depth?: string };
}

interface Choices {
  name: "material" | "depth";
  label: string;
  choices: [value: string, words: string][];
}

const MADE = new Set(["planned", "done"]);

/** Return the status that a tool can have: what is seen cannot be planned. */
export function statusFor(tool: Pick<Tool, "isSeen"> | null, status: string): string {
  return tool?.isSeen && MADE.has(status) ? "existing" : status;
}

/** The bar: one tool at most is armed, one status is set, some tools have a material. */
export class Tools {
  private armedTool: Tool | null = null;
  private wanted = "existing";
  private readonly choices: Record<string, Choices>;

  constructor(
    private readonly bar: HTMLElement,
    private readonly changed: (what: "tool" | "status") => void,
  ) {
    this.choices = JSON.parse(bar.dataset.choices ?? "{}") as Record<string, Choices>;
    bar.addEventListener("click", (event) => {
      const button = (event.target as Element).closest<HTMLElement>("[data-tool], [data-status]");
      if (!button) return;
      if (button.dataset.tool) this.toggle(button);
      else this.setStatus(button.dataset.status ?? "");
    });
    this.closeMoreOutside();
    this.show();
  }

  /** The other tools fold away when the hand goes elsewhere, or with Escape. */
  private closeMoreOutside(): void {
    const more = this.bar.querySelector("details");
    more?.addEventListener("focusout", (event) => {
      if (!more.contains(event.relatedTarget as Node | null)) more.open = false;
    });
    more?.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !more.open) return;
      event.preventDefault();
      more.open = false;
      more.querySelector("summary")?.focus();
    });
  }

  get armed(): Tool | null {
    return this.armedTool;
  }

  get status(): string {
    return statusFor(this.armedTool, this.wanted);
  }

  /** What the next touch charts; null without a tool. */
  get taken(): Taken | null {
    const { armedTool: tool, status, details } = this;
    return tool ? { tool, status, details } : null;
  }

  /** Words of the status that is set. */
  get statusWords(): string {
    return this.bar.querySelector(`[data-status="${this.status}"] span`)?.textContent ?? "";
  }

  /** What is chosen beside the tool: a material, or a depth. */
  private get details(): { material?: string; depth?: string } {
    const found = this.choices[this.armedTool?.kind ?? ""];
    const value = this.bar.querySelector<HTMLSelectElement>("[data-choice]")?.value ?? "";
    return found && value ? { [found.name]: value } : {};
  }

  /** Arm the tool of a digit; the same digit again puts it down. */
  press(digit: number): void {
    const button = this.bar.querySelector<HTMLElement>(`[data-digit="${digit}"]`);
    if (button) this.toggle(button);
  }

  setStatus(status: string): void {
    if (statusFor(this.armedTool, status) !== status) return;
    this.wanted = status;
    this.show();
    this.changed("status");
  }

  /** Put the tool down; false when there was none. */
  disarm(): boolean {
    const was = this.armedTool !== null;
    this.armedTool = null;
    this.show();
    return was;
  }

  private toggle(button: HTMLElement): void {
    const kind = button.dataset.tool ?? "";
    const isSame = this.armedTool?.kind === kind;
    this.armedTool = isSame ? null : toolOf(button);
    button.closest("details")?.removeAttribute("open");
    this.show();
    this.changed("tool");
  }

  private show(): void {
    for (const button of this.bar.querySelectorAll<HTMLElement>("[data-tool]")) {
      const isArmed = button.dataset.tool === this.armedTool?.kind;
      button.setAttribute("aria-pressed", String(isArmed));
    }
    for (const button of this.bar.querySelectorAll<HTMLButtonElement>("[data-status]")) {
      const status = button.dataset.status ?? "";
      button.setAttribute("aria-pressed", String(status === this.status));
      button.disabled = statusFor(this.armedTool, status) !== status;
    }
    const more = this.bar.querySelector<HTMLElement>("[data-more-words]");
    const isMore = this.armedTool && !this.bar.querySelector('[data-digit][aria-pressed="true"]');
    if (more)
      more.textContent = isMore ? (this.armedTool?.words ?? "") : (more.dataset.moreWords ?? "");
    more?.closest("summary")?.classList.toggle("is-armed", Boolean(isMore));
    this.showChoices();
  }

  private showChoices(): void {
    const place = this.bar.querySelector<HTMLElement>("[data-choice-place]");
    const select = place?.querySelector("select");
    if (!place || !select) return;
    const kind = this.armedTool?.kind ?? "";
    if (select.dataset.of === kind) return;
    const found = this.choices[kind];
    place.hidden = !found;
    select.dataset.of = kind;
    select.setAttribute("aria-label", found?.label ?? "");
    const options = (found?.choices ?? []).map(([value, words]) =>
      make("option", { value }, words),
    );
    select.replaceChildren(...options);
  }
}

function toolOf(button: HTMLElement): Tool {
  return {
    kind: button.dataset.tool ?? "",
    words: button.dataset.words ?? button.textContent?.trim() ?? "",
    scope: (button.dataset.scope ?? "tooth") as Scope,
    isSeen: button.dataset.seen !== undefined,
  };
}
