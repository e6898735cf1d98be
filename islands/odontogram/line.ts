import { make } from "../dom";
import { complete, type Proposal } from "./server";

const PAUSE_MS = 60;

/** The one line in which a mouth is typed, with what may come next below it. */
export class Line {
  private timer = 0;
  private asked = "";
  private proposals: Proposal[] = [];
  private at = -1;
  private readonly list: HTMLUListElement;

  constructor(
    readonly field: HTMLInputElement,
    private readonly error: HTMLElement,
    private readonly url: string,
    private readonly enter: (line: string) => void,
  ) {
    this.list = make("ul", { class: "mouth-proposals", role: "listbox", id: "saisie-suites" });
    this.list.hidden = true;
    this.list.setAttribute("aria-label", field.dataset.suites ?? "");
    field.after(this.list);
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-controls": "saisie-suites",
      "aria-expanded": "false",
      autocomplete: "off",
    })) {
      field.setAttribute(name, value);
    }
    field.addEventListener("input", () => this.typed());
    field.addEventListener("keydown", (event) => this.key(event));
    field.addEventListener("blur", () => this.hide());
    field.form?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const item = (event.target as Element).closest("li");
      if (item) this.take([...this.list.children].indexOf(item));
    });
  }

  /** Show why a line was refused; it stays typed. */
  refuse(text: string): void {
    this.error.textContent = text;
    this.field.setAttribute("aria-invalid", "true");
    this.field.focus();
  }

  accept(): void {
    this.field.value = "";
    this.clearError();
  }

  private clearError(): void {
    this.error.textContent = "";
    this.field.removeAttribute("aria-invalid");
  }

  private submit(): void {
    this.hide();
    const line = this.field.value.trim();
    if (line) this.enter(line);
  }

  private typed(): void {
    this.clearError();
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), PAUSE_MS);
  }

  private async ask(): Promise<void> {
    const line = this.field.value;
    this.asked = line;
    const found = line.trim() ? await complete(this.url, line) : [];
    // An answer that comes after the next key speaks of another line.
    if (this.asked !== line || document.activeElement !== this.field) return;
    this.show(found);
  }

  private show(proposals: Proposal[]): void {
    this.proposals = proposals;
    this.at = -1;
    this.list.replaceChildren(...proposals.map(drawn));
    this.list.hidden = proposals.length === 0;
    this.field.setAttribute("aria-expanded", String(proposals.length > 0));
    this.field.removeAttribute("aria-activedescendant");
  }

  private hide(): void {
    this.asked = "";
    window.clearTimeout(this.timer);
    this.show([]);
  }

  private key(event: KeyboardEvent): void {
    const isOpen = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!isOpen) return;
      event.preventDefault();
      this.walk(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Tab" && isOpen && !event.shiftKey) {
      event.preventDefault();
      this.take(Math.max(this.at, 0));
    } else if (event.key === "Enter" && isOpen && this.at >= 0) {
      event.preventDefault();
      this.take(this.at);
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (isOpen) this.hide();
      else this.leave();
    }
  }

  private leave(): void {
    this.field.dispatchEvent(new CustomEvent("mouth:leave", { bubbles: true }));
  }

  private walk(by: number): void {
    const count = this.proposals.length;
    this.at = (this.at + by + count + (this.at < 0 && by < 0 ? 1 : 0)) % count;
    for (const [number, item] of [...this.list.children].entries()) {
      item.setAttribute("aria-selected", String(number === this.at));
    }
    const item = this.list.children[this.at];
    if (item) this.field.setAttribute("aria-activedescendant", item.id);
    item?.scrollIntoView({ block: "nearest" });
  }

  private take(number: number): void {
    const proposal = this.proposals[number];
    if (!proposal) return;
    this.field.value = `${proposal.line.trimEnd()} `;
    this.hide();
    void this.typed();
  }
}

function drawn(proposal: Proposal, number: number): HTMLLIElement {
  return make(
    "li",
    { role: "option", id: `saisie-suite-${number}`, "aria-selected": "false" },
    make("strong", {}, proposal.text),
    make("span", {}, proposal.line),
  );
}
