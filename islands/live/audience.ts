export interface Asked {
  elt: HTMLElement;
  requestConfig?: { triggeringEvent?: Event | undefined };
}

/** What holds words or ticks of a person: a box that nobody ticked holds nothing. */
const FILLED = "textarea, input:not([type=hidden], [type=checkbox]:not(:checked))";

/** Tell whether a live event would redraw a part of the page in which somebody is typing. */
export function isOverTyping(asked: Asked): boolean {
  if (!asked.requestConfig?.triggeringEvent?.type.startsWith("live:")) return false;
  return asked.elt.querySelector(FILLED) !== null;
}

/** Tell whether a live event speaks of another patient than the part of the page it would redraw:
 * htmx cannot evaluate a filter under a strict CSP. */
export function isForAnother(asked: Asked): boolean {
  const wanted = asked.elt.dataset.livePatient;
  const event = asked.requestConfig?.triggeringEvent as CustomEvent | undefined;
  if (!wanted || !event?.type.startsWith("live:")) return false;
  const patient = (event.detail as { patient?: string } | null)?.patient;
  return patient !== undefined && patient !== wanted;
}

interface Told {
  days?: string[];
  today?: boolean;
  appointment?: string;
  pins?: string;
}

/** Tell whether a live event speaks of other days of the agenda, or of other appointments, than
 * the part of the page it would redraw. No day at all in the event means every day. */
export function isElsewhere(asked: Asked): boolean {
  const event = asked.requestConfig?.triggeringEvent as CustomEvent | undefined;
  if (event?.type !== "live:agenda") return false;
  const told = (event.detail ?? {}) as Told;
  const { liveToday, liveDays, livePins } = asked.elt.dataset;
  if (liveToday !== undefined) return Boolean(told.days?.length) && !told.today;
  if (liveDays) return areOthers(told.days, [liveDays, liveDays]);
  if (livePins === undefined || !told.appointment || told.pins) return false;
  return asked.elt.querySelector(`[data-pinned="${CSS.escape(told.appointment)}"]`) === null;
}

/** Tell whether none of the days told is from the first to the last day shown. */
export function areOthers(told: string[] | undefined, shown: [string, string]): boolean {
  if (!told?.length) return false;
  return !told.some((day) => shown[0] <= day && day <= shown[1]);
}
