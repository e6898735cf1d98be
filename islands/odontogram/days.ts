import { locale } from "../gettext";
import { said } from "./words";

const PAUSE_MS = 120;

/** Return a day as people write it; « aujourd’hui » for none. */
export function dayWords(day: string): string {
  if (!day) return said.today;
  const date = new Date(`${day}T12:00:00`);
  return date.toLocaleDateString(locale(), { day: "numeric", month: "long", year: "numeric" });
}

/** The slider of time: its last place is the mouth as it is now. */
export class Days {
  private timer = 0;
  private days: string[] = [];

  constructor(
    private readonly place: HTMLElement,
    private readonly go: (day: string) => void,
  ) {
    this.slider?.addEventListener("input", () => {
      this.say();
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.go(this.chosen), PAUSE_MS);
    });
  }

  private get slider(): HTMLInputElement | null {
    return this.place.querySelector("input[type=range]");
  }

  /** The day that the slider stands on; "" for now. */
  private get chosen(): string {
    return this.days[Number(this.slider?.value)] ?? "";
  }

  /** Show the days of a mouth and the one that is drawn. */
  show(days: string[], day: string): void {
    const { slider } = this;
    if (!slider) return;
    this.days = days;
    this.place.hidden = days.length === 0;
    slider.max = String(days.length);
    const at = day ? days.filter((one) => one <= day).length - 1 : days.length;
    slider.value = String(Math.max(at, 0));
    this.say();
  }

  private say(): void {
    const words = dayWords(this.chosen);
    this.slider?.setAttribute("aria-valuetext", words);
    const output = this.place.querySelector("output");
    if (output) output.textContent = words;
  }
}
