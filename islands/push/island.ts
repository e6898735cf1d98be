import { meta } from "../dom";
import { gettext } from "../gettext";
import { bytesOf, nameOf, textOf } from "./keys";

/** The card of one's browsers: asks this one whether it may ring, and tells the server its address. */
export function mount(root: HTMLElement): undefined {
  const ask = root.querySelector<HTMLButtonElement>("[data-ask]");
  if (!ask) return;
  if (!("serviceWorker" in navigator && "PushManager" in window)) {
    refuse(root, gettext("Ce navigateur ne sait pas recevoir de notification."));
    return;
  }
  ask.hidden = false;
  ask.addEventListener("click", () => {
    ask.disabled = true;
    void subscribed(root)
      .then(() => location.reload())
      .catch((error: unknown) => refuse(root, told(error)))
      .finally(() => {
        ask.disabled = false;
      });
  });
}

async function subscribed(root: HTMLElement): Promise<void> {
  const { key = "", subscribe = "", worker = "" } = root.dataset;
  if ((await Notification.requestPermission()) !== "granted") {
    throw new Refused(
      gettext("Le navigateur refuse les notifications de ce site : changez-le dans ses réglages."),
    );
  }
  const registration = await navigator.serviceWorker.register(worker);
  await ready(registration);
  const made = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytesOf(key),
  });
  await send(subscribe, made);
}

/** Wait until the worker works: a subscription belongs to an active one. */
async function ready(registration: ServiceWorkerRegistration): Promise<void> {
  const worker = registration.installing ?? registration.waiting;
  if (registration.active || !worker) return;
  await new Promise<void>((resolve) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") resolve();
    });
  });
}

async function send(url: string, made: PushSubscription): Promise<void> {
  const body = new URLSearchParams({
    endpoint: made.endpoint,
    p256dh: textOf(made.getKey("p256dh")),
    auth: textOf(made.getKey("auth")),
    label: nameOf(navigator.userAgent),
  });
  const answer = await fetch(url, {
    method: "POST",
    headers: { "X-CSRFToken": meta("csrf-token") },
    body,
  });
  if (answer.ok) return;
  const { refusal } = (await answer.json().catch(() => ({}))) as { refusal?: string };
  throw new Refused(refusal ?? gettext("Ce navigateur n’a pas pu être enregistré."));
}

class Refused extends Error {}

function told(error: unknown): string {
  if (error instanceof Refused) return error.message;
  return gettext("Le service de notification de ce navigateur ne répond pas.");
}

function refuse(root: HTMLElement, text: string): void {
  const line = root.querySelector<HTMLElement>("[data-refusal]");
  if (!line) return;
  line.hidden = false;
  line.textContent = text;
}
