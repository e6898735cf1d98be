import { meta } from "../dom";
import { leaving } from "../leaving";
import { toast } from "../toasts";
import { refusal, words } from "../words";
import type { Raw } from "./raw";

/** What the server said to a request: whether it was done, and the events it asks the page for. */
export interface Answer {
  isDone: boolean;
  status: number;
  triggers: Record<string, unknown>;
}

const NOT_SENT: Answer = { isDone: false, status: 0, triggers: {} };

/** Read `HX-Trigger`: names of events with what they carry; anything else is nothing. */
export function triggersOf(header: string | null): Record<string, unknown> {
  if (!header) return {};
  try {
    const read: unknown = JSON.parse(header);
    return read && typeof read === "object" ? (read as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** POST a change. Its answer is told in words, whatever it is; it never throws. */
export async function send(url: string, values: URLSearchParams): Promise<Answer> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "X-CSRFToken": meta("csrf-token"), "HX-Request": "true" },
      body: values,
      redirect: "error",
    });
    const elsewhere = answer.headers.get("HX-Redirect");
    if (elsewhere) {
      leaving.to(elsewhere);
      return { ...NOT_SENT, status: answer.status };
    }
    return told(answer);
  } catch {
    toast({ text: words.unreachable, level: "danger" });
    return NOT_SENT;
  }
}

function told(answer: Response): Answer {
  const triggers = triggersOf(answer.headers.get("HX-Trigger"));
  for (const [name, detail] of Object.entries(triggers)) {
    document.body.dispatchEvent(new CustomEvent(name, { detail }));
  }
  if (!answer.ok && Object.keys(triggers).length === 0) {
    const incident = answer.headers.get("X-Incident") ?? "";
    toast({ text: refusal(answer.status, incident), level: "danger" });
  }
  return { isDone: answer.ok, status: answer.status, triggers };
}

/**
 * Fetch a day or a week. Raises when it cannot be read: what is on screen then stays.
 * Null when the server sends the page elsewhere, to the lock: it is loaded again.
 */
export async function fetchFeed(url: string, asked: Record<string, string>): Promise<Raw | null> {
  const answer = await fetch(`${url}?${new URLSearchParams(asked)}`, {
    headers: { Accept: "application/json", "HX-Request": "true" },
    redirect: "error",
  });
  if (answer.headers.get("HX-Redirect")) {
    // The page itself asks again: it is then the page to come back to.
    leaving.again();
    return null;
  }
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()) as Raw;
}
