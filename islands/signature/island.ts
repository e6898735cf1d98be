import SignaturePad from "signature_pad";
import { make } from "../dom";
import { gettext } from "../gettext";
import { drawing } from "./strokes";

const INK = "#14213d";

/**
 * Where somebody signs with a finger, a pen or a mouse: `<div data-island="signature"
 * data-field="signature" data-label="Signature du patient">` fills a hidden input of its form
 * with an SVG text. The sheet stays light in both themes: it is paper.
 */
export function mount(root: HTMLElement): () => void {
  const name = root.dataset.field ?? "signature";
  const form = root.closest("form");
  const field = hiddenField(root, form, name);
  const canvas = make("canvas", { class: "signature-sheet" });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", root.dataset.label || gettext("Signature"));
  const hint = make("span", { class: "signature-hint" }, gettext("Signez dans ce cadre"));
  const again = make("button", { type: "button", class: "button button-quiet" });
  again.append(make("span", {}, gettext("Effacer et recommencer")));
  root.append(make("div", { class: "signature-frame" }, canvas, hint), again);
  const pad = new SignaturePad(canvas, { penColor: INK, minWidth: 1.2, maxWidth: 2.8 });

  function write(): void {
    const strokes = pad.toData().map((group) => group.points);
    field.value = drawing(strokes, canvas.clientWidth, canvas.clientHeight);
    root.toggleAttribute("data-signed", field.value !== "");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** Fit the sheet to its place; what was drawn stays. */
  function fit(): void {
    const ratio = Math.max(window.devicePixelRatio || 1, 1);
    canvas.width = canvas.clientWidth * ratio;
    canvas.height = canvas.clientHeight * ratio;
    canvas.getContext("2d")?.scale(ratio, ratio);
    pad.fromData(pad.toData());
  }

  pad.addEventListener("beginStroke", () => root.setAttribute("data-signed", ""));
  pad.addEventListener("endStroke", write);
  again.addEventListener("click", () => {
    pad.clear();
    write();
  });
  const watched = new ResizeObserver(fit);
  watched.observe(canvas);
  root.dataset.ready = "true";
  return () => {
    watched.disconnect();
    pad.off();
  };
}

function hiddenField(
  root: HTMLElement,
  form: HTMLFormElement | null,
  name: string,
): HTMLInputElement {
  const found = form?.querySelector<HTMLInputElement>(`input[type=hidden][name="${name}"]`);
  if (found) return found;
  const made = make("input", { type: "hidden", name });
  root.append(made);
  return made;
}
