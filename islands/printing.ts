import { make, meta } from "./dom";
import { words } from "./words";

/** What has to stand on pages: that they hold no more, that they are a copy; "" where they do. */
interface Mentions {
  standing?: string;
  mention: string;
}

/**
 * Tell the server that pages go to the printer; it outlives the page. Returns what has to stand on
 * them, or null where the print could not be noted.
 */
async function noted(url: string): Promise<Mentions | null> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "X-CSRFToken": meta("csrf-token"), Accept: "application/json" },
      keepalive: true,
    });
    return answer.ok ? ((await answer.json()) as Mentions) : null;
  } catch {
    return null;
  }
}

function mark(pages: HTMLElement, { standing, mention }: Mentions): void {
  const said = [standing, mention].filter((text): text is string => Boolean(text));
  pages
    .querySelector("[data-mentions]")
    ?.replaceChildren(...said.map((text) => make("p", { class: "printed-mention" }, text)));
}

function say(pages: HTMLElement, text: string): void {
  pages.querySelector("[data-not-noted]")?.remove();
  if (!text) return;
  pages.prepend(
    make("p", { class: "error no-print", role: "alert", "data-not-noted": true }, text),
  );
}

const isPrintKey = (event: KeyboardEvent): boolean =>
  (event.ctrlKey || event.metaKey) &&
  !event.shiftKey &&
  !event.altKey &&
  event.key.toLowerCase() === "p";

/**
 * Print pages whose prints are noted. The button and the keys ask first: the server says what a
 * page that was opened before another print does not know. A print that only the browser's menu
 * began is noted when it begins; the page then draws itself again.
 */
function startNoted(pages: HTMLElement, url: string): void {
  let isAsking = false;
  let isAsked = false;
  let note: Promise<Mentions | null> = Promise.resolve(null);

  async function print(): Promise<void> {
    if (isAsking) return;
    isAsking = true;
    const mentions = await noted(url);
    isAsking = false;
    say(pages, mentions === null ? words.printNotNoted : "");
    if (mentions === null) return;
    mark(pages, mentions);
    isAsked = true;
    note = Promise.resolve(mentions);
    window.print();
  }

  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-print]")) void print();
  });
  document.addEventListener("keydown", (event) => {
    if (!isPrintKey(event)) return;
    event.preventDefault();
    void print();
  });
  window.addEventListener("beforeprint", () => {
    if (!isAsked) note = noted(url);
  });
  window.addEventListener("afterprint", async () => {
    isAsked = false;
    if ((await note) === null) say(pages, words.printedUnnoted);
    else location.reload();
  });
}

/**
 * `data-print` prints the page. Where `data-printed` names an address, the print is noted there:
 * pages that were only opened are on no paper, and a second print says that it is one.
 */
export function startPrinting(): void {
  const pages = document.querySelector<HTMLElement>("[data-printed]");
  if (pages?.dataset.printed) {
    startNoted(pages, pages.dataset.printed);
    return;
  }
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-print]")) window.print();
  });
}
