import { change } from "./changes";
import type { Feed, Visit } from "./feed";
import type { Place } from "./grid";
import { hhmm } from "./moments";

const EMPTY_ID = "00000000-0000-0000-0000-000000000000";

/** What the grid asks of the server about one appointment; the answer is told by `change`. */
export class Asking {
  /** Versions that this person's own changes made: the grid may not be drawn again yet. */
  private readonly own = new Map<string, number>();

  constructor(
    private readonly visitUrl: string,
    private readonly columns: string,
  ) {}

  /** Return the address of an appointment, or of something that is done to it. */
  url(id: string, what = ""): string {
    const address = this.visitUrl.replace(EMPTY_ID, id);
    return what ? `${address}${what}/` : address;
  }

  /** Remember the version that one's own change gave to an appointment. */
  note(id: string, version: number): void {
    this.own.set(id, version);
  }

  /** Put an appointment in a place of what is shown. */
  move(id: string, version: string, place: Place, feed: Feed): Promise<boolean> {
    return this.ask(id, "deplacer", {
      version: this.newest(id, version),
      day: feed.days[place.day] ?? "",
      time: hhmm(place.from),
      column: feed.columns[place.column]?.[0] ?? "",
      columns: this.columns,
    });
  }

  resize(visit: Visit, minutes: number): Promise<boolean> {
    const version = this.newest(visit.id, visit.version);
    return this.ask(visit.id, "duree", { version, minutes: String(minutes) });
  }

  setStatus(visit: Visit, status: string): Promise<boolean> {
    const version = this.newest(visit.id, visit.version);
    return this.ask(visit.id, "statut", { version, status });
  }

  pin(id: string): Promise<boolean> {
    return this.ask(id, "epingler", {});
  }

  private async ask(id: string, what: string, values: Record<string, string>): Promise<boolean> {
    return (await change(this.url(id, what), values)).isDone;
  }

  /** The version shown, or a newer one of one's own; somebody else's is for the server to tell. */
  private newest(id: string, shown: string | number): string {
    return String(Math.max(Number(shown), this.own.get(id) ?? 0));
  }
}
