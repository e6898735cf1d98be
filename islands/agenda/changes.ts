import { ask } from "../dialogs";
import { type Answer, send } from "./server";
import { said } from "./words";

type Values = Record<string, string> | [name: string, value: string][];

/** Send a change; a time that is closed is asked about, and sent again when she insists. */
export async function change(url: string, values: Values): Promise<Answer> {
  const sent = new URLSearchParams(values);
  const answer = await send(url, sent);
  const why = answer.triggers["agenda:anyway"];
  if (typeof why !== "string" || sent.has("anyway")) return answer;
  if (!(await ask(why, said.placeAnyway))) return answer;
  return change(url, [...sent, ["anyway", "1"]]);
}

function valuesOf(form: HTMLFormElement): [string, string][] {
  return [...new FormData(form)].filter(
    (one): one is [string, string] => typeof one[1] === "string",
  );
}

/** The versions in open panels follow one's own changes; those of others are told first. */
function follow(event: Event): void {
  const { id, version } = ((event as CustomEvent).detail ?? {}) as {
    id?: string;
    version?: number;
  };
  if (!id || version === undefined) return;
  for (const field of document.querySelectorAll<HTMLInputElement>(`[data-version-of="${id}"]`)) {
    field.value = String(version);
  }
}

async function onSubmit(event: SubmitEvent): Promise<void> {
  const form = event.target as HTMLFormElement;
  if (!form.matches("[data-agenda-change]") || event.defaultPrevented) return;
  event.preventDefault();
  const button = event.submitter as HTMLButtonElement | null;
  button?.setAttribute("aria-busy", "true");
  await change(form.action, valuesOf(form));
  button?.removeAttribute("aria-busy");
}

let isStarted = false;

/** Send every `<form data-agenda-change>` in the background; without this they are plain forms. */
export function startChanges(): void {
  if (isStarted) return;
  isStarted = true;
  document.addEventListener("submit", (event) => void onSubmit(event));
  document.body.addEventListener("agenda:changed", follow);
}
