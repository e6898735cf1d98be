import { toast } from "../toasts";
import { words } from "../words";
import { isOfAnother } from "./filter";
import { type Message, Stream } from "./stream";

/** Below this a break is nobody's concern: the missed events come by themselves. */
const PATIENCE_MS = 5000;

let alarm = 0;

function fire(name: string, detail: unknown): void {
  document.body.dispatchEvent(new CustomEvent(`live:${name}`, { detail }));
}

/** Tell whoever looks from outside whether events come (tests wait for it). */
function note(up: boolean): void {
  document.body.dataset.live = up ? "up" : "down";
}

function showLost(lost: boolean): void {
  const sign = document.getElementById("stream-state");
  if (sign) sign.hidden = !lost;
}

/** Turn what the line says into DOM events and a calm sign. */
export function receive(message: Message): void {
  if (message.kind === "event") {
    fire(message.event.name, message.event.data);
    return;
  }
  if (message.kind === "locked") {
    fire("locked", null);
    note(false);
    return;
  }
  if (message.kind === "over") {
    window.clearTimeout(alarm);
    alarm = 0;
    showLost(false);
    toast({ text: words.sessionOver, level: "danger" });
    note(false);
    return;
  }
  note(message.up);
  if (!message.up) {
    alarm ||= window.setTimeout(() => showLost(true), PATIENCE_MS);
    return;
  }
  window.clearTimeout(alarm);
  alarm = 0;
  showLost(false);
  if (message.gapMs > PATIENCE_MS) fire("resync", { gapMs: message.gapMs });
}

function openLine(url: string): () => void {
  if (typeof SharedWorker === "undefined") {
    const stream = new Stream(url, receive);
    stream.open();
    return () => stream.close();
  }
  const worker = new SharedWorker(new URL("./worker.ts", import.meta.url), {
    type: "module",
    name: "quenotte-live",
  });
  worker.port.onmessage = (message: MessageEvent<Message>) => receive(message.data);
  worker.port.postMessage({ kind: "hello", url });
  return () => worker.port.postMessage({ kind: "bye" });
}

/** Listen to the server when the page says where (`<body data-live-url>`). */
export function startLive(): void {
  const url = document.body.dataset.liveUrl;
  if (!url) return;
  document.body.addEventListener("htmx:confirm", (event) => {
    const { elt, triggeringEvent } = (event as CustomEvent).detail;
    if (isOfAnother(elt, triggeringEvent)) event.preventDefault();
  });
  // The login was ended by the practice: what is on this screen is no longer for this person.
  document.body.addEventListener("live:session.cut", () => location.reload());
  let hangUp = openLine(url);
  window.addEventListener("pagehide", () => hangUp());
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    hangUp = openLine(url);
    fire("resync", { gapMs: 0 });
  });
}
