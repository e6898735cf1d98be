import { words } from "./words";

/**
 * Ask a question that must be answered before going on; false when it is dismissed. With `leave`, the
 * words of the button that leaves, Enter confirms: who asked by a key answers by a key.
 */
export function ask(question: string, answer = words.confirm, leave = ""): Promise<boolean> {
  const box = document.getElementById("confirmation");
  if (!(box instanceof HTMLDialogElement)) return Promise.resolve(false);
  const text = box.querySelector("[data-question]");
  const yes = box.querySelector("[data-answer]");
  if (text) text.textContent = question;
  if (yes) yes.textContent = answer;
  const no = box.querySelector<HTMLElement>("[data-leave]");
  if (no) no.textContent = leave || (no.dataset.leave ?? "");
  box.returnValue = "";
  box.showModal();
  if (leave && yes instanceof HTMLElement) yes.focus();
  return new Promise((resolve) => {
    box.addEventListener("close", () => resolve(box.returnValue === "yes"), { once: true });
  });
}

function open(id: string): void {
  const box = document.getElementById(id);
  if (box instanceof HTMLDialogElement) box.showModal();
}

/** Wire `data-dialog-open`, `data-dialog-close`, `data-confirm` forms and `hx-confirm`. */
export function startDialogs(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const opener = target.closest<HTMLElement>("[data-dialog-open]");
    if (opener?.dataset.dialogOpen) open(opener.dataset.dialogOpen);
    target.closest("[data-dialog-close]")?.closest("dialog")?.close();
  });
  document.addEventListener("submit", (event) => void confirmForm(event), true);
  document.body.addEventListener("htmx:confirm", (event) => {
    const { question, issueRequest, elt } = (event as CustomEvent).detail;
    if (!question) return;
    event.preventDefault();
    void ask(question, (elt as HTMLElement).dataset.confirmAnswer).then((yes) => {
      if (yes) issueRequest(true);
    });
  });
}

async function confirmForm(event: SubmitEvent): Promise<void> {
  const form = event.target as HTMLFormElement;
  const question = form.dataset.confirm;
  if (!question || form.dataset.confirmed) return;
  event.preventDefault();
  event.stopPropagation();
  if (!(await ask(question, form.dataset.confirmAnswer))) return;
  form.dataset.confirmed = "yes";
  form.requestSubmit(event.submitter);
  delete form.dataset.confirmed;
}
