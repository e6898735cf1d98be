/** Tell whether a piece of the page is about another patient than the event. */
export function isOfAnother(element: HTMLElement, event: Event | undefined): boolean {
  const mine = element.dataset.livePatient;
  if (!mine || !(event instanceof CustomEvent) || !event.type.startsWith("live:")) return false;
  const detail = event.detail as { patient?: string; patient_id?: string } | null;
  const theirs = detail?.patient ?? detail?.patient_id;
  return theirs !== undefined && theirs !== mine;
}
