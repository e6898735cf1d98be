import { meta } from "../dom";
import { leaving } from "../leaving";
import { PUBLIC_PAGE } from "../pages";
import { refusal, words } from "../words";

/**
 * What came back. `drawn`: the mouth as it is now, with what is to be said of it. `away`: nothing is
 * known of the request, which may be sent again; `why` says it in words.
 */
export type Answer =
  | { kind: "drawn"; html: string }
  | { kind: "same" }
  | { kind: "away"; why: string }
  | { kind: "left" };

const HEADERS = { "HX-Request": "true" };

async function ask(url: string, options: RequestInit): Promise<Answer> {
  try {
    const answer = await fetch(url, { redirect: "error", ...options });
    const elsewhere = answer.headers.get("HX-Redirect");
    if (elsewhere) {
      leaving.to(elsewhere);
      return { kind: "left" };
    }
    if (answer.status === 204) return { kind: "same" };
    const html = await answer.text();
    if (PUBLIC_PAGE.test(html)) return { kind: "away", why: words.sessionOver };
    if (answer.ok || answer.status === 409 || answer.status === 422) return { kind: "drawn", html };
    return {
      kind: "away",
      why: refusal(answer.status, answer.headers.get("X-Incident") ?? ""),
    };
  } catch {
    return { kind: "away", why: words.unreachable };
  }
}

/** Read the mouth again, as it was on a day (`jour`), or only if it is another than one seen (`vu`). */
export function read(url: string, asked: Record<string, string> = {}): Promise<Answer> {
  return ask(`${url}?${new URLSearchParams(asked)}`, { headers: HEADERS });
}

/** Send something; never raises. `isLast`: the page is leaving and the request outlives it. */
export function send(url: string, values: Record<string, string>, isLast = false): Promise<Answer> {
  return ask(url, {
    method: "POST",
    headers: { ...HEADERS, "X-CSRFToken": meta("csrf-token") },
    body: new URLSearchParams(values),
    keepalive: isLast,
  });
}

/** What may come next on a line: a word or two, and the line with them. */
export interface Proposal {
  line: string;
  text: string;
}

/** Ask what may come next; nothing when the server is silent. */
export async function complete(url: string, line: string): Promise<Proposal[]> {
  try {
    const answer = await fetch(`${url}?${new URLSearchParams({ q: line })}`, {
      headers: { ...HEADERS, Accept: "application/json" },
      redirect: "error",
    });
    return answer.ok ? ((await answer.json()) as Proposal[]) : [];
  } catch {
    return [];
  }
}
