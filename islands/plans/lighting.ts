/** Acts light their teeth in the drawing, and teeth light their acts; keyboard and pointer alike. */

/** Return the FDI numbers that an element names: « 16 17 ». */
export function teethOf(text: string | undefined): string[] {
  return (text ?? "").split(" ").filter(Boolean);
}

function light(teeth: string[], on: boolean): void {
  for (const fdi of teeth) {
    for (const drawn of document.querySelectorAll(`[data-tooth="${CSS.escape(fdi)}"]`)) {
      drawn.classList.toggle("is-lit", on);
    }
    for (const line of document.querySelectorAll(`[data-teeth~="${CSS.escape(fdi)}"]`)) {
      line.classList.toggle("is-lit", on);
    }
  }
}

function meant(target: EventTarget | null): string[] {
  if (!(target instanceof Element)) return [];
  const tooth = target.closest<SVGElement | HTMLElement>("[data-tooth]");
  if (tooth) return teethOf(tooth.dataset.tooth);
  return teethOf(target.closest<HTMLElement>("[data-teeth]")?.dataset.teeth);
}

/** Watch over the whole page, once: a record has the drawing in one card, the acts in another. */
export function startLighting(signal: AbortSignal): void {
  let lit: string[] = [];
  const show = (teeth: string[]) => {
    if (teeth.join() === lit.join()) return;
    light(lit, false);
    lit = teeth;
    light(lit, true);
  };
  for (const name of ["pointerover", "focusin"] as const) {
    document.addEventListener(name, (event) => show(meant(event.target)), { signal });
  }
  document.documentElement.addEventListener("pointerleave", () => show([]), { signal });
}
