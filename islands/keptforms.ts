/**
 * Keeps a form that saves itself until the server has taken it: what is typed while it is out of
 * reach waits in this tab, through a reload too, and leaves as soon as it answers.
 */
import htmx from "htmx.org";
import { meta } from "./dom";
import { fieldsOf, restore } from "./formdrafts";

type Fields = Record<string, string>;

interface Loaded {
  xhr: XMLHttpRequest;
  requestConfig: { elt: Element; formData?: FormData };
}

const FORMS = "form[data-kept-form]";
/** Fields that are typed in for long: they are saved at each pause, not only when they are left. */
const LONG = "[data-kept-soon]";
const PAUSE_MS = 1500;
const PLACES = "[data-beside-place][data-beside-from]";
/** What a save changes by itself: the state that was seen, the reminders that were shown. */
const OF_THE_SERVER = new Set(["version", "vus"]);

const adopted = new WeakSet<HTMLFormElement>();
const told = new WeakSet<HTMLElement>();

/** What the server refused as it was typed: sent again, it would be refused again, for ever. */
const refused = new Map<string, string | null>();

/** A workstation is shared: what waits here is named after who typed it. */
const nameOf = (key: string): string => `form:${document.body.dataset.person ?? ""}:${key}`;

function stored(key: string): Fields | null {
  try {
    return JSON.parse(sessionStorage.getItem(nameOf(key)) ?? "null") as Fields | null;
  } catch {
    return null;
  }
}

const keep = (form: HTMLFormElement): void =>
  sessionStorage.setItem(nameOf(form.dataset.keptForm ?? ""), JSON.stringify(fieldsOf(form)));

/** Tell whether a form still says what was sent. */
function isAsSent(form: HTMLFormElement, sent: FormData | undefined): boolean {
  return Object.entries(fieldsOf(form)).every(
    ([name, value]) => OF_THE_SERVER.has(name) || sent?.get(name) === value,
  );
}

/** Forget what the server took, or shows beside; what was typed since is kept. */
export function answered({ xhr, requestConfig }: Loaded): void {
  const { elt, formData } = requestConfig;
  const place = elt.closest<HTMLElement>("[data-beside-place]");
  const form = elt.closest<HTMLFormElement>(FORMS);
  const key = form?.dataset.keptForm ?? place?.dataset.besidePlace;
  if (!key) return;
  // What was typed since was refused by nobody: it goes into the form that comes, and leaves again.
  if (xhr.status === 422 && (!form || isAsSent(form, formData)))
    refused.set(key, sessionStorage.getItem(nameOf(key)));
  const isTaken = xhr.status === 200 || xhr.getResponseHeader("HX-Redirect") !== null;
  if (xhr.status >= 400 ? xhr.status !== 409 : !isTaken) return;
  if (form && !isAsSent(form, formData)) keep(form);
  else sessionStorage.removeItem(nameOf(key));
}

/** Send what waits: into the form it was typed in, else to the server, which shows it beside. */
function send(form: HTMLFormElement): void {
  const key = form.dataset.keptForm ?? "";
  const kept = stored(key);
  if (!kept || refused.get(key) === sessionStorage.getItem(nameOf(key))) return;
  if (kept.version === fieldsOf(form).version) {
    restore(form, kept);
    htmx.trigger(form, "change", {});
    return;
  }
  const place = document.querySelector(`[data-beside-place="${CSS.escape(key)}"]`);
  if (place) void htmx.ajax("post", form.action, { source: place, swap: "none", values: kept });
}

/** Tell whether something of a form waits, and was not refused as it stands. */
function isWaiting(form: HTMLFormElement): boolean {
  const key = form.dataset.keptForm ?? "";
  const kept = sessionStorage.getItem(nameOf(key));
  return kept !== null && refused.get(key) !== kept;
}

const pauses = new WeakMap<HTMLFormElement, number>();

/** Save a long text once its typing pauses; an empty one may be about to be written anew. */
function saveSoon(form: HTMLFormElement, field: Element): void {
  if (!(field instanceof HTMLTextAreaElement) || !field.matches(LONG)) return;
  window.clearTimeout(pauses.get(form));
  const save = () => {
    if (form.isConnected && field.value.trim() && isWaiting(form)) htmx.trigger(form, "change", {});
  };
  pauses.set(form, window.setTimeout(save, PAUSE_MS));
}

/** Send what waits before the page is gone; it stays kept here until the server says it has it. */
export async function flushKeptForms(): Promise<void> {
  const forms = [...document.querySelectorAll<HTMLFormElement>(FORMS)].filter(isWaiting);
  await Promise.all(forms.map(sendLeaving));
}

async function sendLeaving(form: HTMLFormElement): Promise<void> {
  const name = nameOf(form.dataset.keptForm ?? "");
  const kept = JSON.stringify(fieldsOf(form));
  const answer = await fetch(form.action, {
    method: "POST",
    headers: { "X-CSRFToken": meta("csrf-token"), "HX-Request": "true" },
    body: new URLSearchParams(fieldsOf(form)),
    keepalive: true,
    redirect: "error",
  }).catch(() => null);
  if (answer?.status === 200 && sessionStorage.getItem(name) === kept)
    sessionStorage.removeItem(name);
}

/** What was typed while a save was on its way follows the state that this save made. */
function follow(form: HTMLFormElement): void {
  const kept = Object.entries(stored(form.dataset.keptForm ?? "") ?? {});
  const now = fieldsOf(form);
  const isSame = kept.every(([name, value]) => OF_THE_SERVER.has(name) || now[name] === value);
  if (kept.length && isSame) keep(form);
}

/** What waits for a draft that is none any more: the server says in words what is written nowhere. */
function tellBeside(place: HTMLElement): void {
  const kept = stored(place.dataset.besidePlace ?? "");
  const address = place.dataset.besideFrom;
  if (!kept || !address) return;
  void htmx.ajax("post", address, {
    source: place,
    target: place,
    swap: "innerHTML",
    values: kept,
  });
}

function adopt(): void {
  for (const place of document.querySelectorAll<HTMLElement>(PLACES)) {
    if (told.has(place)) continue;
    told.add(place);
    tellBeside(place);
  }
  for (const form of document.querySelectorAll<HTMLFormElement>(FORMS)) {
    if (adopted.has(form)) {
      follow(form);
      continue;
    }
    adopted.add(form);
    form.addEventListener("input", (event) => {
      keep(form);
      saveSoon(form, event.target as Element);
    });
    send(form);
  }
}

const sendAll = (): void => {
  for (const place of document.querySelectorAll<HTMLElement>(PLACES)) tellBeside(place);
  for (const form of document.querySelectorAll<HTMLFormElement>(FORMS)) send(form);
};

/** Wire every `<form data-kept-form="key">`, which htmx posts when it changes. */
export function startKeptForms(): void {
  refused.clear();
  // htmx hears a form once the document is read: what waits leaves after that.
  if (document.readyState === "complete") adopt();
  else document.addEventListener("DOMContentLoaded", adopt);
  document.body.addEventListener("htmx:afterSettle", adopt);
  document.body.addEventListener("htmx:beforeOnLoad", (event) =>
    answered((event as CustomEvent<Loaded>).detail),
  );
  window.addEventListener("online", sendAll);
  window.addEventListener("pagehide", () => void flushKeptForms());
  document.body.addEventListener("live:resync", sendAll);
}
