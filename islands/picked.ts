/** The patient whom a form is about: a hidden field, and the sign that says who it is. */

/** Choose a patient of a form that has such a sign, nobody for an empty number. */
export function showPicked(form: HTMLFormElement, id: string, label: string): void {
  const sign = form.querySelector<HTMLElement>("[data-picked]");
  const field = form.elements.namedItem("patient");
  if (!sign || !(field instanceof HTMLInputElement)) return;
  field.value = id;
  const name = sign.querySelector("[data-picked-name]");
  if (name) name.textContent = label;
  // A name typed beside the sign lets her go (`agenda/booking.ts`).
  sign.hidden = id === "";
}
