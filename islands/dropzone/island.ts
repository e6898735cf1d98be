import { make, meta } from "../dom";
import { words } from "../words";
import { type Result, resultOf, tooBig } from "./results";

const AT_ONCE = 2;
/** Refusals that close the line while a file is still being sent. */
const CUT_SHORT = [403, 413, 507];

async function send(
  form: HTMLElement,
  file: File,
  onProgress: (part: number) => void,
): Promise<Result> {
  const refused = tooBig(file.size, Number(form.dataset.maxBytes ?? 0));
  if (refused) {
    // The server writes the refusal into the journal as if it had been sent.
    void refusalOf(form.dataset.url ?? "", file.size, { "X-Upload-Unsent": "1" });
    return refused;
  }
  const answer = await post(form, file, onProgress);
  if (answer.status !== 0) return resultOf(answer.status, answer.responseText);
  const status = await refusalOf(form.dataset.url ?? "", file.size);
  return resultOf(CUT_SHORT.includes(status) ? status : 0, "");
}

/** Ask whether the server would take so many bytes: a line that it closed cannot tell why. */
async function refusalOf(
  url: string,
  size: number,
  more: Record<string, string> = {},
): Promise<number> {
  try {
    const headers = { "X-Upload-Bytes": String(size), ...more };
    return (await fetch(url, { method: "HEAD", headers })).status;
  } catch {
    return 0;
  }
}

function post(
  form: HTMLElement,
  file: File,
  onProgress: (part: number) => void,
): Promise<XMLHttpRequest> {
  const body = new FormData();
  body.append(form.dataset.name ?? "file", file);
  const xhr = new XMLHttpRequest();
  xhr.open("POST", form.dataset.url ?? "");
  xhr.setRequestHeader("X-CSRFToken", meta("csrf-token"));
  xhr.setRequestHeader("Accept", "application/json");
  xhr.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) onProgress(event.loaded / event.total);
  });
  return new Promise((resolve) => {
    xhr.addEventListener("loadend", () => resolve(xhr));
    xhr.send(body);
  });
}

class Row {
  readonly element: HTMLLIElement;
  private readonly bar = make("progress", { max: 1, value: 0 });
  private readonly text = make("p", {}, words.fileWaiting);

  constructor(readonly file: File) {
    this.bar.setAttribute("aria-label", `${words.fileSending} ${file.name}`);
    const name = make("span", { class: "dropzone-name" }, file.name);
    this.element = make("li", { class: "dropzone-file" }, name, this.bar, this.text);
  }

  progress(part: number): void {
    this.text.textContent = words.fileSending;
    this.bar.value = part;
  }

  finish(result: Result): void {
    this.bar.remove();
    this.text.textContent = result.text;
    this.element.dataset.state = result.done ? "done" : "failed";
  }
}

/** Send each dropped or chosen file alone; says for each what became of it. */
export function mount(form: HTMLElement): undefined {
  const input = form.querySelector<HTMLInputElement>("input[type=file]");
  const list = form.querySelector(".dropzone-files");
  if (!input || !list) return;
  const waiting: Row[] = [];
  let running = 0;

  async function next(): Promise<void> {
    const row = running < AT_ONCE ? waiting.shift() : undefined;
    if (!row) return;
    running += 1;
    const result = await send(form, row.file, (part) => row.progress(part));
    row.finish(result);
    running -= 1;
    form.dispatchEvent(
      new CustomEvent("upload:done", { bubbles: true, detail: { ok: result.done } }),
    );
    await next();
  }

  function add(files: FileList | null): void {
    for (const file of files ?? []) {
      const row = new Row(file);
      waiting.push(row);
      list?.append(row.element);
    }
    for (let place = 0; place < AT_ONCE; place += 1) void next();
  }

  input.addEventListener("change", () => {
    add(input.files);
    input.value = "";
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  const area = form.closest<HTMLElement>("[data-drop-area]") ?? form;
  area.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.dataset.over = "";
  });
  area.addEventListener("dragleave", () => delete form.dataset.over);
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    delete form.dataset.over;
    add(event.dataTransfer?.files ?? null);
  });
  form.dataset.ready = "true";
}
