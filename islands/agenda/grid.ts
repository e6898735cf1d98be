import {
  type Calendar,
  createCalendar,
  destroyCalendar,
  Interaction,
  ResourceTimeGrid,
} from "@event-calendar/core";
import "@event-calendar/core/index.css";
import { make } from "../dom";
import type { Clock } from "./clock";
import { classesOf, drawn } from "./content";
import type { Bounds, Cursor } from "./cursor";
import { type Feed, isOff, type Visit } from "./feed";
import { hhmm } from "./moments";

/** A place of the grid: an index of a day and of a column, minutes of the day. */
export interface Place {
  day: number;
  column: number;
  from: number;
  to: number;
}

/** What the grid tells when a hand is done; `x`, `y` are where the pointer was. */
export interface Hands {
  chosen(place: Place): void;
  opened(id: string): void;
  moved(id: string, place: Place, x: number, y: number): void;
  resized(id: string, minutes: number): void;
}

const CURSOR_ID = "cursor";
const NOW_ID = "now";
/** Minutes and height, in pixels, of one line of the grid. */
const LINE_MIN = 15;
const LINE_PX = 16;

/** The calendar library, fed with what the server said and with nothing else. */
export class Grid {
  private calendar: Calendar | null = null;
  private feed: Feed | null = null;
  private cursor: Cursor | null = null;
  /** What it carries, in words: whoever else changes the day takes nothing out of the hand. */
  private carried = "";
  private visits = new Map<string, Visit>();
  /** A redraw under a moving pointer would take the appointment out of the hand. */
  isHeld = false;

  constructor(
    private readonly root: HTMLElement,
    private readonly hands: Hands,
    private readonly step: number,
    private readonly mayWrite: boolean,
    private readonly clock: Clock,
  ) {}

  get bounds(): Bounds {
    const feed = this.feed;
    return {
      days: feed?.days.length ?? 1,
      columns: feed?.columns.length ?? 1,
      min: feed?.min ?? 0,
      max: feed?.max ?? 1440,
      step: this.step,
    };
  }

  /** Draw a feed; the place of the scroll and the cursor stay. */
  show(feed: Feed): void {
    this.feed = feed;
    this.visits = new Map(feed.visits.map((visit) => [visit.id, visit]));
    // Where the first line stands, for who measures the grid from outside.
    this.root.dataset.min = String(feed.min);
    const options = this.optionsOf(feed);
    if (!this.calendar) {
      this.calendar = createCalendar(this.root, [ResourceTimeGrid, Interaction], {
        ...this.fixed(),
        ...options,
        scrollTime: { minutes: this.scrollMinute(feed) },
      });
      this.root.querySelector(".ec")?.setAttribute("aria-hidden", "true");
      return;
    }
    for (const [name, value] of Object.entries(options)) {
      this.calendar.setOption(name as keyof Calendar.Options, value);
    }
  }

  /** Draw the line of now where it has come to. */
  tick(): void {
    if (this.isHeld) return;
    const event = this.nowEvent();
    const shown = this.calendar?.getEventById(NOW_ID);
    if (event?.start !== (shown && written(shown.start))) this.mark(NOW_ID, event);
  }

  /** Show where the keyboard is; null hides it. `carried` is what it carries, in words. */
  point(cursor: Cursor | null, carried = ""): void {
    this.cursor = cursor;
    this.carried = carried;
    this.mark(CURSOR_ID, this.cursorEvent());
    window.requestAnimationFrame(() => {
      this.root.querySelector(".agenda-cursor")?.scrollIntoView({ block: "nearest" });
    });
  }

  private mark(id: string, event: Calendar.EventInput | null): void {
    const shown = this.calendar?.getEventById(id);
    if (!event) {
      if (shown) this.calendar?.removeEventById(id);
    } else if (shown) this.calendar?.updateEvent(event);
    else this.calendar?.addEvent(event);
  }

  /** Take the mark of a chosen place away. */
  unselect(): void {
    this.calendar?.unselect();
  }

  /** Return the place under a point of the screen, null outside the grid. */
  placeAt(x: number, y: number): Place | null {
    const info = this.calendar?.dateFromPoint(x, y);
    return info ? this.placeOf(info.date, info.date, info.resource?.id) : null;
  }

  async leave(): Promise<void> {
    const calendar = this.calendar;
    this.calendar = null;
    if (calendar) await destroyCalendar(calendar);
  }

  private fixed(): Calendar.Options {
    return {
      locale: "fr",
      firstDay: 1,
      allDaySlot: false,
      headerToolbar: { start: "", center: "", end: "" },
      // It would be this workstation's: ours is drawn by what the server says.
      nowIndicator: false,
      pointer: this.mayWrite,
      selectable: this.mayWrite,
      editable: this.mayWrite,
      unselectAuto: false,
      longPressDelay: 400,
      slotDuration: { minutes: LINE_MIN },
      slotHeight: LINE_PX,
      slotLabelInterval: "01:00",
      slotLabelFormat: (at) => `${at.getHours()} h`,
      snapDuration: { minutes: this.step },
      slotEventOverlap: false,
      dayHeaderFormat: { weekday: "long", day: "numeric", month: "short" },
      eventContent: (info) => this.contentOf(info.event),
      eventDidMount: ({ el }) => {
        // The frame around the grid takes the keys; inside it nothing is a stop of its own.
        el.removeAttribute("tabindex");
        el.removeAttribute("role");
      },
      eventClick: (info) => this.hands.opened(String(info.event.id)),
      dateClick: (info) => {
        const place = this.placeOf(info.date, info.date, info.resource?.id);
        if (place) this.hands.chosen({ ...place, to: place.from });
      },
      select: (info) => {
        const place = this.placeOf(info.start, info.end, info.resource?.id);
        if (place) this.hands.chosen(place);
      },
      eventDragStart: () => {
        this.isHeld = true;
      },
      eventResizeStart: () => {
        this.isHeld = true;
      },
      eventDrop: (info) => this.dropped(info),
      eventResize: (info) => this.stretched(info),
    };
  }

  private dropped(info: Calendar.EventDropInfo): void {
    this.isHeld = false;
    const { event, jsEvent } = info;
    const place = this.placeOf(event.start, event.end, event.resourceIds[0]);
    const { clientX, clientY } = jsEvent as PointerEvent;
    // The server decides: its answer puts the appointment in its place, new or old.
    if (place) this.hands.moved(String(event.id), place, clientX, clientY);
    else info.revert();
  }

  private stretched(info: Calendar.EventResizeInfo): void {
    this.isHeld = false;
    const { start, end, id } = info.event;
    this.hands.resized(String(id), Math.round((end.getTime() - start.getTime()) / 60_000));
  }

  private optionsOf(feed: Feed): Calendar.Options {
    const isWeek = feed.days.length > 1;
    const shown = new Set(feed.days.map((day) => new Date(`${day}T12:00:00Z`).getUTCDay()));
    const hidden = [0, 1, 2, 3, 4, 5, 6].filter((day) => !shown.has(day));
    return {
      resources: feed.columns.map(([id, name]) => ({ id, title: isWeek ? brief(name) : name })),
      hiddenDays: (isWeek ? hidden : []) as Calendar.dayOfWeek[],
      view: isWeek ? "resourceTimeGridWeek" : "resourceTimeGridDay",
      date: `${feed.days[0]}T00:00:00`,
      datesAboveResources: isWeek,
      columnWidth: isWeek ? "minmax(60px, 1fr)" : "minmax(140px, 1fr)",
      slotMinTime: { minutes: feed.min },
      slotMaxTime: { minutes: feed.max },
      events: this.eventsOf(feed),
    };
  }

  private eventsOf(feed: Feed): Calendar.EventInput[] {
    const shown = feed.visits
      .filter((visit) => visit.status !== "x")
      .map((visit): Calendar.EventInput => {
        const isFixed = visit.status === "d" || isOff(visit.status);
        return {
          id: visit.id,
          ...this.span(visit.day, visit.from, visit.to),
          resourceId: feed.columns[visit.column]?.[0] ?? "",
          classNames: classesOf(visit),
          editable: this.mayWrite && !isFixed,
          extendedProps: { version: visit.version },
        };
      });
    const marks = [this.nowEvent(), this.cursorEvent()].filter((one) => one !== null);
    return [...this.closedEvents(feed), ...shown, ...marks];
  }

  private closedEvents(feed: Feed): Calendar.EventInput[] {
    return feed.closed.map(({ day, column, from, to, words }): Calendar.EventInput => {
      const columns = column < 0 ? feed.columns : feed.columns.slice(column, column + 1);
      return {
        ...this.span(day, Math.max(from, feed.min), Math.min(to, feed.max)),
        resourceIds: columns.map(([id]) => id),
        display: "background",
        classNames: ["is-closed"],
        title: to - from >= 30 ? words : "",
      };
    });
  }

  private nowEvent(): Calendar.EventInput | null {
    const { feed } = this;
    const now = this.clock.now();
    const day = feed?.days.indexOf(now.day) ?? -1;
    if (!feed || day < 0 || now.minute < feed.min || now.minute >= feed.max) return null;
    return {
      id: NOW_ID,
      ...this.span(day, now.minute, now.minute + 1),
      resourceIds: feed.columns.map(([id]) => id),
      display: "background",
      classNames: ["agenda-now"],
    };
  }

  /** Where the grid is scrolled when it opens: an hour before now, else its beginning. */
  private scrollMinute(feed: Feed): number {
    const now = this.clock.now();
    return feed.days.includes(now.day) ? Math.max(feed.min, now.minute - 60) : feed.min;
  }

  private cursorEvent(): Calendar.EventInput | null {
    const { cursor, feed, carried } = this;
    if (!cursor || !feed) return null;
    return {
      id: CURSOR_ID,
      ...this.span(cursor.day, cursor.from, cursor.from + cursor.minutes),
      resourceId: feed.columns[cursor.column]?.[0] ?? "",
      display: "background",
      classNames: ["agenda-cursor", ...(carried ? ["is-carrying"] : [])],
      title: carried,
    };
  }

  private span(day: number, from: number, to: number): { start: string; end: string } {
    const date = this.feed?.days[day] ?? "";
    // No zone: the practice's wall clock, wherever the browser believes to be.
    const end = to >= 1440 ? "23:59" : hhmm(to);
    return { start: `${date}T${hhmm(from)}:00`, end: `${date}T${end}:00` };
  }

  private contentOf(event: Calendar.Event): Calendar.Content {
    if (event.display === "background") {
      const text = String(event.title);
      return { domNodes: text ? [make("span", { class: "closed-words" }, text)] : [] };
    }
    const visit = this.visits.get(String(event.id));
    if (!visit) return { domNodes: [make("span", { class: "slot-time" }, clockOf(event.start))] };
    const moving = event.display === "preview";
    const from = moving ? minuteOf(event.start) : visit.from;
    const to = moving ? minuteOf(event.end) : visit.to;
    return { domNodes: drawn({ ...visit, from, to }) };
  }

  private placeOf(start: Date, end: Date, resource?: string | number): Place | null {
    const feed = this.feed;
    if (!feed) return null;
    const day = feed.days.indexOf(dayOf(start));
    const column = feed.columns.findIndex(([id]) => id === String(resource));
    if (day < 0 || column < 0) return null;
    return { day, column, from: minuteOf(start), to: minuteOf(end) || 1440 };
  }
}

/** The columns of a week are narrow: « Dr Hugo Delaroche » is « Delaroche ». */
function brief(name: string): string {
  return /^(Dr|Pr) /.test(name) ? (name.split(" ").at(-1) ?? name) : name;
}

/** Write a moment of the grid as its events are written. */
function written(at: Date): string {
  return `${dayOf(at)}T${clockOf(at)}:00`;
}

function minuteOf(at: Date): number {
  return at.getHours() * 60 + at.getMinutes();
}

function clockOf(at: Date): string {
  return hhmm(minuteOf(at));
}

function dayOf(at: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
