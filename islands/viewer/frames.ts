import { type Meta, type Pixels, readMeta, readPixels } from "./pixels";
import { words } from "./words";

export interface Frame {
  meta: Meta;
  pixels: Pixels;
}

/** Why a picture is not shown: the words are for the person. */
export class Unshown extends Error {}

const KEPT = 5;
const frames = new Map<string, Promise<Frame>>();

async function fetched(url: string): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(url, { credentials: "same-origin" });
  } catch {
    throw new Unshown(words.unreachable);
  }
  if (answer.ok && !answer.redirected) return answer;
  throw new Unshown(await reason(answer));
}

async function reason(answer: Response): Promise<string> {
  if (answer.redirected || answer.status === 401) {
    return words.sessionOver;
  }
  if (answer.headers.get("Content-Type")?.includes("json")) {
    const said = (await answer.json().catch(() => ({}))) as { message?: string };
    if (said.message) return said.message;
  }
  if (answer.status === 403) return words.notAllowed;
  if (answer.status === 404) return words.gone;
  return words.unshown;
}

async function load(metaUrl: string, frameUrl: string): Promise<Frame> {
  const [described, raw] = await Promise.all([fetched(metaUrl), fetched(frameUrl)]);
  try {
    const meta = readMeta((await described.json()) as Record<string, unknown>);
    return { meta, pixels: readPixels(await raw.arrayBuffer(), meta) };
  } catch {
    throw new Unshown(words.unread);
  }
}

/** Return a picture, from memory when it was prefetched; a failure is forgotten, to be retried. */
export function frameOf(metaUrl: string, frameUrl: string): Promise<Frame> {
  const known = frames.get(frameUrl);
  if (known) return known;
  const coming = load(metaUrl, frameUrl);
  frames.set(frameUrl, coming);
  coming.catch(() => frames.delete(frameUrl));
  for (const oldest of frames.keys()) {
    if (frames.size <= KEPT) break;
    frames.delete(oldest);
  }
  return coming;
}
