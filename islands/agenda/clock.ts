import { minutesOf } from "./moments";

/** A day and a minute of it, on the practice's wall. */
export interface Moment {
  day: string;
  minute: number;
}

/** The practice's wall clock: the server says it with the waiting room, a stopwatch goes on.
 *
 * The clock and the zone of this workstation may be wrong: neither is asked.
 */
export class Clock {
  private served = "";
  private readAt = 0;

  constructor(private readonly root: ParentNode = document) {}

  /** Return what the wall clock shows; no day before the server has said one. */
  now(): Moment {
    const fresh = this.root.querySelector<HTMLElement>("[data-wall]")?.dataset.wall ?? "";
    if (fresh !== this.served) {
      this.served = fresh;
      this.readAt = performance.now();
    }
    if (!this.served) return { day: "", minute: 0 };
    // Read as if the practice were in Greenwich: a wall clock has no zone.
    const wall = Date.parse(`${this.served}Z`) + performance.now() - this.readAt;
    const text = new Date(wall).toISOString();
    return { day: text.slice(0, 10), minute: minutesOf(text.slice(11, 16)) };
  }
}
