import htmx from "htmx.org";
import { closeLastDrawer } from "../drawers";
import { areOthers } from "../live/audience";
import { toast } from "../toasts";
import { Asking } from "./asking";
import { closeBooking, openBooking, setDay, showBooking } from "./booking";
import { Clock } from "./clock";
import { inWords } from "./content";
import { type Cursor, moved, within } from "./cursor";
import {
  type ColumnsAre,
  closedAt,
  type Feed,
  isOff,
  practitionerOf,
  type Visit,
  visitById,
  visitsAt,
} from "./feed";
import { Grid, type Place } from "./grid";
import { type Command, commandOf, jumpOf, STATUS_OF } from "./keys";
import { clockOf, jumped, longDay, titleOf } from "./moments";
import { withoutEmptyChairs } from "./narrow";
import {
  type Carried,
  carriedFrom,
  carriedFromButton,
  isOnPinboard,
  ownPin,
  startPinboard,
} from "./pinboard";
import { feedOf } from "./raw";
import { fetchFeed } from "./server";
import {
  isArrow,
  isLetterBesideDrawer,
  isTyping,
  openPanel,
  press,
  say,
  undoLast,
  writeAddress,
} from "./shell";
import { said } from "./words";

const REDRAW_MS = 120;
const REREAD_MS = 1000;
const RETRY_MS = 4000;
/** The line of now goes on by a third of a pixel meanwhile. */
const TICK_MS = 20_000;
const EDITABLE = "input, select, textarea, dialog, [contenteditable]";

/** Holds what the page shows: a window of time, the cursor, and what is in the hand. */
export class Agenda {
  private readonly grid: Grid;
  private readonly board: HTMLElement;
  private readonly clock = new Clock();
  private readonly leaving: (() => void)[] = [];
  private feed: Feed | null = null;
  private cursor: Cursor | null = null;
  private carried: Carried | null = null;
  private readonly asking: Asking;
  /** One change of the keyboard after the other: each sees what the one before it did. */
  private busy: Promise<void> = Promise.resolve();
  private timer = 0;
  private readAt = -REREAD_MS;
  private dueAt = 0;
  private asked = 0;
  /** The chair of a slot in hand: a week shows it though nobody is booked there yet. */
  private wanted = "";

  constructor(private readonly root: HTMLElement) {
    this.board = root.querySelector<HTMLElement>("[data-grid]") ?? root;
    this.asking = new Asking(root.dataset.visitUrl ?? "", root.dataset.columns ?? "");
    this.grid = new Grid(
      this.board,
      {
        chosen: (place) => this.chose(place),
        opened: (id) => this.open(id),
        moved: (id, place, x, y) => void this.dropped(id, place, x, y),
        resized: (id, minutes) => void this.resized(id, minutes),
      },
      Number(root.dataset.step ?? 15),
      this.mayWrite,
      this.clock,
    );
  }

  private get mayWrite(): boolean {
    return this.root.dataset.mayWrite === "true";
  }

  private get isWeek(): boolean {
    return this.root.dataset.view === "semaine";
  }

  /** Read the window that the page names and listen to everything that changes it. */
  async start(): Promise<void> {
    const on = (target: EventTarget, name: string, heard: (event: Event) => void) => {
      target.addEventListener(name, heard);
      this.leaving.push(() => target.removeEventListener(name, heard));
    };
    on(document, "keydown", (event) => this.onKey(event as KeyboardEvent));
    on(document, "click", (event) => this.onClick(event as MouseEvent));
    on(this.board, "focus", () => this.point(this.cursor ?? this.firstPlace()));
    on(window, "popstate", () => {
      const day = new URLSearchParams(location.search).get("jour");
      if (day) void this.go(day, false);
    });
    on(document.body, "live:agenda", (event) => this.heard(event as CustomEvent));
    for (const name of ["live:resync", "agenda:changed"]) {
      on(document.body, name, () => this.redrawSoon(REDRAW_MS));
    }
    on(document.body, "agenda:changed", (event) => this.follow(event as CustomEvent));
    on(document.body, "agenda:booked", (event) => this.booked(event as CustomEvent));
    this.leaving.push(
      startPinboard(this.board, {
        carry: (carried) => this.take(carried),
        drop: (carried, x, y) => {
          const place = this.grid.placeAt(x, y);
          if (place) void this.move(carried.id, carried.version, place);
        },
      }),
    );
    // What the server says of the time comes with the waiting room.
    on(document.body, "htmx:afterSettle", () => this.grid.tick());
    const ticking = window.setInterval(() => this.grid.tick(), TICK_MS);
    this.leaving.push(() => window.clearInterval(ticking));
    await this.load();
    if (this.root.dataset.opensBooking) showBooking(this.board);
    this.root.dataset.ready = "true";
  }

  async leave(): Promise<void> {
    for (const stop of this.leaving) stop();
    window.clearTimeout(this.timer);
    await this.grid.leave();
  }

  // --- what is shown ---------------------------------------------------------------------

  private async load(isOpening = false): Promise<void> {
    const { feedUrl = "", day = "", view = "" } = this.root.dataset;
    this.asked += 1;
    this.readAt = performance.now();
    this.dueAt = 0;
    const mine = this.asked;
    try {
      const asked = { jour: day, vue: view, ...(isOpening ? { ouverture: "1" } : {}) };
      const raw = await fetchFeed(feedUrl, asked);
      if (raw === null || mine !== this.asked) return;
      const columnsAre = this.root.dataset.columns as ColumnsAre;
      const feed = feedOf(raw, columnsAre);
      this.show(
        columnsAre === "fauteuils"
          ? withoutEmptyChairs(feed, this.board.clientWidth, this.wanted)
          : feed,
      );
    } catch {
      if (mine !== this.asked) return;
      toast({ text: said.notRead, level: "attention" });
      this.redrawSoon(RETRY_MS);
    }
  }

  private show(feed: Feed): void {
    this.feed = feed;
    this.grid.show(feed);
    if (this.cursor) this.cursor = within(this.cursor, this.grid.bounds);
    // What is under the cursor may be another thing now.
    if (this.cursor && document.activeElement === this.board) say(this.described(this.cursor));
    const title = titleOf(feed.days);
    for (const place of document.querySelectorAll("[data-agenda-title]")) place.textContent = title;
    const words = feed.words.filter(Boolean);
    const sign = document.querySelector<HTMLElement>("[data-agenda-words]");
    if (sign) {
      sign.hidden = words.length === 0;
      const text = sign.querySelector("[data-agenda-words-text]");
      if (text) text.textContent = words.join(" · ");
    }
  }

  /** Somebody changed something elsewhere. In a big practice that is several times a second:
   * the days on screen are read again once a second at most, and not by all screens at once. */
  private heard(event: CustomEvent): void {
    const told = (event.detail ?? {}) as { days?: string[] };
    if (this.feed && areOthers(told.days, this.feed.span)) return;
    const now = performance.now();
    if (this.dueAt > now) return;
    const spread = REDRAW_MS * (1 + Math.random());
    this.redrawSoon(Math.max(spread, this.readAt + REREAD_MS - now));
  }

  private redrawSoon(delay: number): void {
    window.clearTimeout(this.timer);
    this.dueAt = performance.now() + delay;
    this.timer = window.setTimeout(() => {
      // Nothing is taken out of a hand that drags: the drop asks for the redraw.
      if (this.grid.isHeld) this.redrawSoon(delay);
      else void this.load();
    }, delay);
  }

  private async go(day: string, isNew = true): Promise<void> {
    this.root.dataset.day = day;
    if (isNew) writeAddress(day);
    await this.load(true);
    if (this.feed) say(said.shown(titleOf(this.feed.days), this.feed.visits.length));
  }

  private jump(jump: string): void {
    const { day = "", today = "" } = this.root.dataset;
    this.wanted = "";
    // The page may be open since yesterday.
    void this.go(jumped(day, jump, this.clock.now().day || today));
  }

  private onClick(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    const target = event.target as Element;
    const link = target.closest<HTMLElement>("[data-jump]");
    if (link?.dataset.jump) {
      event.preventDefault();
      this.jump(link.dataset.jump);
    }
    const opener = target.closest<HTMLElement>("[data-visit-open]");
    if (opener?.dataset.visitOpen) {
      event.preventDefault();
      this.open(opener.dataset.visitOpen, opener);
    }
    const carry = target.closest<HTMLElement>("[data-carry]");
    if (carry) this.take(carriedFromButton(carry));
    if (target.closest("[data-drawer-open=reservation]")) this.setDay();
    const slot = target.closest<HTMLElement>("[data-slot-day]");
    if (slot) {
      event.preventDefault();
      void this.takeSlot(slot);
    }
  }

  /** The button of the bar books on the day under the eyes. */
  private setDay(): void {
    const { feed } = this;
    const day = feed?.days[(this.cursor ?? this.firstPlace()).day];
    if (day) setDay(day);
  }

  /** Book into a slot that the search found. */
  private async takeSlot(slot: HTMLElement): Promise<void> {
    const { slotDay = "", slotTime = "", slotMinutes = "0" } = slot.dataset;
    const isByChair = this.root.dataset.columns === "fauteuils";
    const wanted = isByChair ? slot.dataset.slotChair : slot.dataset.slotPractitioner;
    this.wanted = isByChair ? (wanted ?? "") : "";
    await this.go(slotDay);
    const bounds = this.grid.bounds;
    const columns = this.feed?.columns ?? [];
    const [hours = 0, minutes = 0] = slotTime.split(":").map(Number);
    const from = hours * 60 + minutes;
    const column = columns.findIndex(([id]) => id === (wanted ?? ""));
    const day = Math.max(0, this.feed?.days.indexOf(slotDay) ?? 0);
    // A slot without a column of its own is booked all the same, and nobody else's is shown.
    if (column >= 0)
      this.point(within({ day, column, from, minutes: Number(slotMinutes) }, bounds));
    this.book({ day, column, from, to: from + Number(slotMinutes) }, slot.dataset);
  }

  // --- the keyboard ----------------------------------------------------------------------

  private firstPlace(): Cursor {
    const { bounds } = this.grid;
    const now = this.clock.now();
    const today = this.feed?.days.indexOf(now.day) ?? -1;
    const from = Math.floor(now.minute / bounds.step) * bounds.step;
    const start = { day: Math.max(0, today), column: 0, from: bounds.min, minutes: bounds.step };
    return within(today >= 0 ? { ...start, from } : start, bounds);
  }

  private point(cursor: Cursor | null): void {
    this.cursor = cursor;
    this.grid.point(cursor, this.carried ? said.carrying(this.carried.name) : "");
    if (cursor) say(this.described(cursor));
  }

  private described(cursor: Cursor): string {
    const { feed } = this;
    if (!feed) return "";
    const place = `${feed.columns[cursor.column]?.[1] ?? ""}, ${clockOf(cursor.from)}`;
    const day = feed.days.length > 1 ? `${longDay(feed.days[cursor.day] ?? "")}, ` : "";
    const here = visitsAt(feed, cursor.day, cursor.column, cursor.from);
    const closed = closedAt(feed, cursor.day, cursor.column, cursor.from);
    const what = here.map(inWords).join(" ; ") || closed || said.free;
    return `${day}${place}, ${what}`;
  }

  private visitHere(): Visit | undefined {
    const { feed, cursor } = this;
    return feed && cursor ? visitsAt(feed, cursor.day, cursor.column, cursor.from)[0] : undefined;
  }

  private onKey(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (event.defaultPrevented || isTyping(target, EDITABLE)) return;
    const inGrid = target === this.board;
    if (inGrid && this.cursor && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const to = moved(this.cursor, event.key, event.shiftKey, this.grid.bounds);
      if (to) {
        event.preventDefault();
        this.point(to);
        return;
      }
    }
    if (target === document.body && isArrow(event)) {
      // Nothing has the keys yet: the first arrow takes them into the grid.
      event.preventDefault();
      this.board.focus();
      return;
    }
    const command = commandOf(event, inGrid);
    if (!command || (!inGrid && isLetterBesideDrawer(event))) return;
    event.preventDefault();
    this.run(command);
  }

  private run(command: Command): void {
    const jump = jumpOf(command, this.isWeek);
    const status = STATUS_OF[command];
    if (jump) this.jump(jump);
    else if (status) this.onVisit((visit) => this.told(this.asking.setStatus(visit, status)));
    else this.commands[command]?.();
  }

  private readonly commands: Partial<Record<Command, () => void>> = {
    help: () => openPanel("agenda-aide", this.board),
    search: () => press("creneaux"),
    shortNotice: () => press("liste-courte"),
    undo: () => undoLast() || toast({ text: said.nothingToUndo, level: "info" }),
    enter: () => this.enter(),
    escape: () => (this.carried ? this.letGo(true) : void closeLastDrawer()),
    drop: () => this.dropPin(),
    carry: () => this.onVisit((visit) => this.take(carriedFrom(visit))),
    pin: () => this.onVisit((visit) => this.told(this.asking.pin(visit.id))),
    longer: () => this.onVisit((visit) => this.lengthen(visit, 1)),
    shorter: () => this.onVisit((visit) => this.lengthen(visit, -1)),
    cancel: () => this.onVisit((visit) => this.open(visit.id)),
  };

  private onVisit(work: (visit: Visit) => unknown): void {
    this.busy = this.busy.then(async () => {
      const visit = this.visitHere();
      if (!visit) toast({ text: said.nothingHere, level: "info" });
      else if (!this.mayWrite) toast({ text: said.readOnly, level: "info" });
      else await work(visit);
    });
  }

  private enter(): void {
    const { cursor } = this;
    if (!cursor) return;
    const place = { ...cursor, to: cursor.from + cursor.minutes };
    const visit = this.visitHere();
    if (this.carried) void this.move(this.carried.id, this.carried.version, place);
    else if (visit && !isOff(visit.status)) this.open(visit.id);
    else this.book(cursor.minutes > this.grid.bounds.step ? place : { ...place, to: place.from });
  }

  // --- the hand --------------------------------------------------------------------------

  private take(carried: Carried): void {
    this.carried = carried;
    this.root.dataset.carrying = "true";
    this.board.focus();
    const from = this.cursor ?? this.firstPlace();
    this.point(within({ ...from, minutes: carried.minutes }, this.grid.bounds));
    toast({ text: `${said.carrying(carried.name)}. ${said.carryHelp}`, level: "info" });
  }

  private letGo(isAbandoned: boolean): void {
    this.carried = null;
    delete this.root.dataset.carrying;
    if (this.cursor) this.point({ ...this.cursor, minutes: this.grid.bounds.step });
    if (isAbandoned) toast({ text: said.carryDropped, level: "info" });
  }

  private dropPin(): void {
    const pin = ownPin();
    const button = pin?.querySelector<HTMLElement>("[data-pin-take]");
    if (button) button.click();
    else toast({ text: said.nothingPinned, level: "info" });
  }

  private chose(place: Place): void {
    if (this.carried) {
      void this.move(this.carried.id, this.carried.version, place);
      return;
    }
    const minutes = Math.max(place.to - place.from, this.grid.bounds.step);
    this.cursor = within({ ...place, minutes }, this.grid.bounds);
    if (this.mayWrite) this.book(place);
  }

  private book(place: Place, slot: DOMStringMap = {}): void {
    if (!this.mayWrite) {
      toast({ text: said.readOnly, level: "info" });
      return;
    }
    const { feed } = this;
    const day = feed?.days[place.day];
    if (!feed || !day) return;
    const column = feed.columns[place.column]?.[0] ?? "";
    const columnsAre = this.root.dataset.columns === "praticiens" ? "practitioners" : "chairs";
    // Who works in this room on that day is meant, unless a search for slots knows better.
    const usual = columnsAre === "chairs" ? practitionerOf(feed, place.day, place.column) : "";
    openBooking({ day, place, column, columnsAre, usual, slot }, this.board);
  }

  private booked(event: CustomEvent): void {
    closeBooking();
    this.grid.unselect();
    const { day = "" } = (event.detail ?? {}) as { day?: string };
    this.board.focus();
    if (day && this.feed && !this.feed.days.includes(day)) void this.go(day);
    else this.redrawSoon(0);
  }

  private follow(event: CustomEvent): void {
    const { id, version, freed } = (event.detail ?? {}) as Changed;
    if (id && version) this.asking.note(id, version);
    if (freed) this.offer(freed);
  }

  /** A place was freed: show who on the list could take it. */
  private offer(freed: string): void {
    document.getElementById("liste-courte")?.remove();
    const url = `${this.root.dataset.shortNoticeUrl}?place=${freed}`;
    void htmx.ajax("get", url, { target: "#drawers", swap: "beforeend" });
  }

  private open(id: string, opener: HTMLElement = this.board): void {
    const panel = document.getElementById(`rdv-${id}`);
    panel?.remove();
    opener.focus();
    void htmx.ajax("get", this.asking.url(id), {
      target: "#drawers",
      swap: "beforeend",
      source: opener,
    });
  }

  // --- what is asked of the server -------------------------------------------------------

  /** Wait for an answer, then read again: what was dragged goes to its place, new or old. */
  private async told(answer: Promise<boolean>): Promise<boolean> {
    const isDone = await answer;
    await this.load();
    return isDone;
  }

  private async dropped(id: string, place: Place, x: number, y: number): Promise<void> {
    const visit = this.feed && visitById(this.feed, id);
    if (isOnPinboard(x, y)) await this.told(this.asking.pin(id));
    else await this.move(id, String(visit?.version ?? ""), place);
  }

  private async move(id: string, version: string, place: Place): Promise<void> {
    if (!this.feed) return;
    const isDone = await this.told(this.asking.move(id, version, place, this.feed));
    if (isDone && this.carried?.id === id) this.letGo(false);
  }

  private async resized(id: string, minutes: number): Promise<void> {
    const visit = this.feed && visitById(this.feed, id);
    if (visit) await this.told(this.asking.resize(visit, minutes));
  }

  private lengthen(visit: Visit, steps: number): Promise<boolean> {
    const minutes = visit.to - visit.from + steps * this.grid.bounds.step;
    return this.told(this.asking.resize(visit, minutes));
  }
}

interface Changed {
  id?: string;
  version?: number;
  freed?: string;
}
