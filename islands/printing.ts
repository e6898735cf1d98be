import { meta } from "./dom";

/** Tell the server that pages go to the printer; it outlives the page. */
async function noted(url: string): Promise<boolean> {
  const sent = fetch(url, {
    method: "POST",
    headers: { "X-CSRFToken": meta("csrf-token"), Accept: "application/json" },
    keepalive: true,
  });
  return sent.then(
    (answer) => answer.ok,
    () => false,
  );
}

/**
 * `data-print` prints the page. Where `data-printed` names an address, the print is noted there
 * when it begins, by the button or by the browser: pages that were only opened are on no paper.
 * The page then draws itself again: a second print from the same tab says what it is.
 */
export function startPrinting(): void {
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-print]")) window.print();
  });
  const url = document.querySelector<HTMLElement>("[data-printed]")?.dataset.printed;
  if (!url) return;
  let note: Promise<boolean> = Promise.resolve(false);
  window.addEventListener("beforeprint", () => {
    note = noted(url);
  });
  window.addEventListener("afterprint", async () => {
    if (await note) location.reload();
  });
}
