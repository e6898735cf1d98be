import { words } from "../words";

export interface Result {
  done: boolean;
  text: string;
}

/** Say in French what became of a file; the server's own sentence comes first. */
export function resultOf(status: number, body: string): Result {
  const said = sentence(body);
  if (status >= 200 && status < 300) return { done: true, text: said || words.fileDone };
  if (status === 0) return { done: false, text: words.fileFailed };
  if (status === 413) return { done: false, text: said || words.fileTooBig };
  return { done: false, text: said || words.fileRefused };
}

function sentence(body: string): string {
  try {
    const read = JSON.parse(body) as { message?: unknown };
    return typeof read.message === "string" ? read.message : "";
  } catch {
    return "";
  }
}
