import { meta } from "./dom";
import { pageBefore } from "./keyboard";

const PIN_LENGTH = 6;

/** Choose a tile with its digit; then the digits go to the code. */
export function choose(root: ParentNode, key: string): boolean {
  const tile = root.querySelector<HTMLInputElement>(`input[data-key="${key}"]`);
  const pin = root.querySelector<HTMLInputElement>("input.pin");
  if (!tile || !pin) return false;
  tile.checked = true;
  pin.value = "";
  pin.focus();
  return true;
}

/** Send what this tab could not send before the lock; the server takes it for a minute. */
async function sendLastWords(person: string): Promise<void> {
  const mine = `draft:${person}:`;
  const waiting = Object.keys(sessionStorage).filter((name) => name.startsWith(mine));
  for (const name of waiting) {
    const body = { key: name.slice(mine.length), text: sessionStorage.getItem(name) ?? "" };
    const answer = await fetch("/brouillons/", {
      method: "POST",
      headers: { "X-CSRFToken": meta("csrf-token"), Accept: "application/json" },
      body: new URLSearchParams(body),
      redirect: "error",
    }).catch(() => null);
    if (answer?.ok) sessionStorage.removeItem(name);
  }
}

/** Bring the locked screen to life: digit keys, the code that sends itself, the other tabs. */
export function startLockPage(): void {
  const { lockPage, sitting, person } = document.body.dataset;
  if (lockPage === undefined) return;
  const form = document.querySelector<HTMLFormElement>("form[data-unlock]");
  const pin = form?.querySelector<HTMLInputElement>("input.pin");
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target instanceof HTMLInputElement && event.target.type !== "radio";
    if (form && !isTyping && choose(form, event.key)) event.preventDefault();
    if (event.key === "Escape") (document.activeElement as HTMLElement | null)?.blur();
  });
  form?.addEventListener("change", (event) => {
    if ((event.target as HTMLInputElement).name === "qui") pin?.focus();
  });
  pin?.addEventListener("input", () => {
    if (/^\d+$/.test(pin.value) && pin.value.length === PIN_LENGTH) form?.requestSubmit();
  });
  if (person) void sendLastWords(person);
  const channel = new BroadcastChannel("quenotte-keyboard");
  channel.onmessage = (event: MessageEvent<{ kind: string; sitting: string }>) => {
    if (event.data.kind !== "open") return;
    location.replace(event.data.sitting === sitting && person ? pageBefore(person) : "/");
  };
}
