import { make } from "../dom";
import { boxOf } from "./drawing";
import { said } from "./words";

const ORDER = ["V", "M", "O", "D", "L"];
const TAP_MS = 300;

/** The five surfaces of one tooth, large enough for a gloved finger and for the keyboard. */
export class Rose {
  private box: HTMLElement | null = null;

  constructor(private readonly place: HTMLElement) {}

  get isOpen(): boolean {
    return this.box !== null;
  }

  /** Ask which surfaces; `done` gets them when she confirms, `closed` is called in any case. */
  open(tooth: Element, fdi: number, begun: string, done: (surfaces: string[]) => void): void {
    this.close();
    const buttons = ORDER.map((letter) => surfaceButton(letter, begun.includes(letter)));
    const enter = make("button", { type: "button", class: "button button-primary" }, said.enter);
    const box = make(
      "div",
      { class: "mouth-rose", role: "group", "aria-label": said.surfaces(fdi) },
      make("p", { class: "mouth-rose-title" }, said.surfaces(fdi)),
      ...buttons,
      enter,
    );
    // Mesial is on the side of the midline.
    box.classList.toggle("is-left", [2, 3, 6, 7].includes(Math.floor(fdi / 10)));
    box.classList.toggle("is-lower", [3, 4, 7, 8].includes(Math.floor(fdi / 10)));
    enter.addEventListener("click", () => {
      const taken = buttons.filter((one) => one.getAttribute("aria-pressed") === "true");
      this.close();
      done(taken.map((one) => one.dataset.surface ?? ""));
    });
    box.addEventListener("keydown", (event) => {
      // Letters and Space take surfaces: Enter is for all of them.
      if (event.key !== "Enter" || event.target === enter) return;
      event.preventDefault();
      enter.click();
    });
    ignoreTheOpeningTap(box);
    this.place.append(box);
    this.box = box;
    this.stand(box, boxOf(tooth));
    buttons[2]?.focus();
  }

  /** Toggle a surface by its letter; false when the rose is closed. */
  press(surface: string): boolean {
    const button = this.box?.querySelector<HTMLElement>(`[data-surface="${surface}"]`);
    button?.click();
    return button !== undefined && button !== null;
  }

  close(): boolean {
    const was = this.box !== null;
    this.box?.remove();
    this.box = null;
    return was;
  }

  private stand(box: HTMLElement, tooth: DOMRect): void {
    const here = this.place.getBoundingClientRect();
    const wanted = tooth.left + tooth.width / 2 - here.left - box.offsetWidth / 2;
    const left = Math.min(Math.max(wanted, 0), here.width - box.offsetWidth);
    const middle = tooth.top + tooth.height / 2 - here.top - box.offsetHeight / 2;
    const top = Math.min(Math.max(middle, 0), Math.max(here.height - box.offsetHeight, 0));
    box.style.left = `${left}px`;
    box.style.top = `${top}px`;
  }
}

/** The tap that opens the rose ends in a click on what now lies under the finger. */
function ignoreTheOpeningTap(box: HTMLElement): void {
  const openedAt = performance.now();
  box.addEventListener(
    "click",
    (event) => {
      const isOfAPointer = event.detail > 0;
      if (isOfAPointer && performance.now() - openedAt < TAP_MS) event.stopImmediatePropagation();
    },
    { capture: true },
  );
}

function surfaceButton(letter: string, isPressed: boolean): HTMLButtonElement {
  const button = make(
    "button",
    {
      type: "button",
      class: `mouth-surface at-${letter.toLowerCase()}`,
      "data-surface": letter,
      "aria-pressed": String(isPressed),
      "aria-label": said.surfaceNames[letter],
      title: said.surfaceNames[letter],
    },
    letter,
  );
  button.addEventListener("click", () => {
    const isTaken = button.getAttribute("aria-pressed") === "true";
    button.setAttribute("aria-pressed", String(!isTaken));
  });
  return button;
}
