/** A button that needs somebody to be ticked rests until somebody is. */

/** Return how many boxes of a form are ticked, wherever in the page they stand. */
export function tickedIn(form: HTMLFormElement): number {
  const boxes = [...form.elements].filter(
    (one): one is HTMLInputElement => one instanceof HTMLInputElement && one.type === "checkbox",
  );
  return boxes.filter((box) => box.checked && !box.disabled).length;
}

function weigh(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-needs-ticks]")) {
    const count = tickedIn(form);
    for (const button of form.querySelectorAll<HTMLButtonElement>("button[type=submit]"))
      button.disabled = count === 0;
    const why = form.querySelector<HTMLElement>("[data-no-tick]");
    if (why) why.hidden = count > 0;
  }
}

/** Wire every `<form data-needs-ticks>`; its `[data-no-tick]` says what the button waits for. */
export function startTicks(): void {
  weigh();
  document.addEventListener("change", weigh);
  document.body.addEventListener("htmx:afterSettle", weigh);
  // The browser ticks again what was ticked when a page is come back to.
  window.addEventListener("pageshow", weigh);
}
