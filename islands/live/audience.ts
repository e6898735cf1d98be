interface Asked {
  elt: HTMLElement;
  requestConfig?: { triggeringEvent?: Event | undefined };
}

/** Tell whether a live event would redraw a part of the page in which somebody is typing. */
export function isOverTyping(asked: Asked): boolean {
  if (!asked.requestConfig?.triggeringEvent?.type.startsWith("live:")) return false;
  return asked.elt.querySelector("textarea, input:not([type=hidden])") !== null;
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
