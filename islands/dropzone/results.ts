import { locale } from "../gettext";
import { PUBLIC_PAGE } from "../pages";
import { words } from "../words";

export interface Result {
  done: boolean;
  text: string;
}

/** What a status means when the server's answer holds no sentence for a file. */
const BY_STATUS: Record<number, string> = {
  0: words.fileFailed,
  401: words.fileNotYours,
  403: words.fileNotYours,
  413: words.fileTooBig(),
  507: words.fileNoRoom,
};

/** Say in French what became of a file; the server's own sentence comes first. */
export function resultOf(status: number, body: string): Result {
  const said = sentence(body);
  // Whoever is no longer logged in is led to the login page, which answers 200.
  if (PUBLIC_PAGE.test(body) && status < 300) return { done: false, text: words.fileNotYours };
  if (status >= 200 && status < 300) return { done: true, text: said || words.fileDone };
  return { done: false, text: said || (BY_STATUS[status] ?? words.fileRefused) };
}

/** Say why a file is not even sent; null when it may be. Sizes in bytes, 0 is no limit. */
export function tooBig(size: number, limit: number): Result | null {
  if (!limit || size <= limit) return null;
  const sizes = words.fileSizes(
    megabytes(Math.ceil(size / 1e6)),
    megabytes(Math.floor(limit / 1e6)),
  );
  return { done: false, text: words.fileTooBig(sizes) };
}

function megabytes(count: number): string {
  return count.toLocaleString(locale());
}

function sentence(body: string): string {
  try {
    const read = JSON.parse(body) as { message?: unknown };
    return typeof read.message === "string" ? read.message : "";
  } catch {
    return "";
  }
}
