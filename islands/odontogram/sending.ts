import { ask } from "../dialogs";
import { make } from "../dom";
import type { Drawing } from "./drawing";
import type { Entry, Waiting } from "./entries";
import { type Answer, send } from "./server";
import { said } from "./words";

/** Sends what is entered, one after the other; keeps and offers again what did not arrive. */
export class Sending {
  private queue: Promise<unknown> = Promise.resolve();
  private underWay = 0;

  constructor(
    private readonly waiting: Waiting,
    private readonly trouble: HTMLElement,
    private readonly url: string,
    private readonly answered: (answer: Answer, entry: Entry) => void,
  ) {}

  /** Whether an answer is awaited: what others did is then told by it. */
  get isBusy(): boolean {
    return this.underWay > 0;
  }

  /** Send an entry now, whatever waits; it is kept until the server has answered. */
  enter(entry: Entry, isLast = false, isAgain = false): void {
    this.waiting.add(entry);
    this.underWay += 1;
    const one = async () => {
      const answer = await send(this.url, valuesOf(entry, isAgain), isLast);
      this.underWay -= 1;
      if (answer.kind === "drawn") this.waiting.drop(entry.key);
      this.answered(answer, entry);
      if (answer.kind !== "left") this.showTrouble(answer.kind === "away" ? answer.why : "");
    };
    // A page that leaves does not wait for its turn.
    if (isLast) void one();
    else this.queue = this.queue.then(one);
  }

  /** Show what is not known to be saved, with a way to send it again and one to give it up. */
  showTrouble(why = ""): void {
    const entries = this.waiting.all;
    if (this.isBusy) return;
    this.trouble.hidden = entries.length === 0;
    if (entries.length === 0) return;
    const again = make("button", { type: "button", class: "button button-primary" }, said.again);
    const forget = make("button", { type: "button", class: "button button-quiet" }, said.forget);
    again.addEventListener("click", () => this.again(entries));
    forget.addEventListener("click", () => {
      for (const entry of entries) this.waiting.drop(entry.key);
      this.showTrouble();
    });
    const what = entries.map((entry) => entry.words).join(" ; ");
    const text = `${said.notSaved(what)} ${why || said.refusedLater}`;
    this.trouble.replaceChildren(make("p", {}, text), again, forget);
  }

  private again(entries: Entry[]): void {
    for (const entry of entries) {
      this.waiting.drop(entry.key);
      this.enter(entry, false, true);
    }
  }
}

function valuesOf(entry: Entry, isAgain: boolean): Record<string, string> {
  const { key, line, findings } = entry;
  const what: Record<string, string> =
    line === undefined ? { findings: JSON.stringify(findings) } : { line };
  return { key, ...what, ...(isAgain ? { again: "1" } : {}) };
}

/** Take a step back or forward; `seen` is the step that this screen shows as the last one. */
export function stepped(url: string, drawing: Drawing, isRedo: boolean): Promise<Answer> | null {
  const seen = isRedo ? drawing.redo : drawing.undo;
  return seen ? send(url, { seen }) : null;
}

/**
 * Undo a step of another day or of somebody else, or bring back what was undone so, if whoever
 * asked says so again.
 */
export async function confirmed(
  url: string,
  drawing: Drawing,
  isRedo: boolean,
): Promise<Answer | null> {
  const seen = isRedo ? drawing.redo : drawing.undo;
  const [go, leave] = isRedo ? [said.redoIt, said.leaveIt] : [said.undoIt, said.keepIt];
  const yes = await ask(drawing.asked, go, leave);
  return yes ? send(url, { seen, confirmed: seen }) : null;
}
