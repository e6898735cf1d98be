import { make } from "../dom";
import { type Drawing, numberOf } from "./drawing";
import { Touched } from "./entries";
import type { Box } from "./walking";

/** A finger or a pen moves a little while it presses. */
const STILL_PX = 6;

export interface Hand {
  /** A tooth, or one of its surfaces, was pressed and let go. */
  press(fdi: number, surface: string, event: PointerEvent): void;
  /** A stroke went over several teeth or surfaces. */
  stroke(touched: Touched): void;
  /** A rectangle was drawn around teeth. */
  surround(teeth: number[]): void;
}

interface Start {
  x: number;
  y: number;
  isOnTooth: boolean;
  touched: Touched;
  hasMoved: boolean;
  pointer: number;
}

/** Follow a mouse, a finger or a pen over the drawing. */
export class Hands {
  private start: Start | null = null;
  private readonly frame = make("div", { class: "mouth-frame", hidden: true });

  constructor(
    private readonly place: HTMLElement,
    private readonly drawing: Drawing,
    private readonly hand: Hand,
  ) {
    place.append(this.frame);
    place.addEventListener("pointerdown", (event) => this.down(event));
    place.addEventListener("pointermove", (event) => this.move(event));
    place.addEventListener("pointerup", (event) => this.up(event));
    place.addEventListener("pointercancel", () => this.forget());
  }

  private down(event: PointerEvent): void {
    const target = event.target as Element;
    if (event.button !== 0 || !target.closest("svg.odontogram")) return;
    const touched = new Touched();
    const isOnTooth = touch(touched, target);
    this.start = {
      x: event.clientX,
      y: event.clientY,
      isOnTooth,
      touched,
      hasMoved: false,
      pointer: event.pointerId,
    };
    this.place.setPointerCapture(event.pointerId);
  }

  private move(event: PointerEvent): void {
    const start = this.start;
    if (!start || event.pointerId !== start.pointer) return;
    const far = Math.hypot(event.clientX - start.x, event.clientY - start.y);
    if (!start.hasMoved && far < STILL_PX) return;
    start.hasMoved = true;
    if (!start.isOnTooth) {
      this.showFrame(boxBetween(start, event));
      return;
    }
    // The pointer is captured: what lies under it is asked for.
    const under = document.elementFromPoint(event.clientX, event.clientY);
    if (under && this.place.contains(under) && touch(start.touched, under)) {
      this.drawing.choose(start.touched.all);
    }
  }

  private up(event: PointerEvent): void {
    const start = this.start;
    this.forget();
    if (!start || event.pointerId !== start.pointer) return;
    if (start.hasMoved && !start.isOnTooth) {
      this.hand.surround(this.drawing.inside(boxBetween(start, event)));
      return;
    }
    const [first] = start.touched.all;
    if (first === undefined) {
      this.hand.surround([]);
    } else if (
      start.hasMoved &&
      (start.touched.all.length > 1 || start.touched.surfacesOf(first))
    ) {
      this.hand.stroke(start.touched);
    } else {
      this.hand.press(first, start.touched.surfacesOf(first), event);
    }
  }

  private forget(): void {
    this.start = null;
    this.frame.hidden = true;
  }

  private showFrame(box: Box): void {
    const here = this.place.getBoundingClientRect();
    this.frame.hidden = false;
    this.frame.style.left = `${box.left - here.left}px`;
    this.frame.style.top = `${box.top - here.top}px`;
    this.frame.style.width = `${box.right - box.left}px`;
    this.frame.style.height = `${box.bottom - box.top}px`;
  }
}

function touch(touched: Touched, target: Element): boolean {
  const tooth = target.closest("[data-tooth]");
  if (!tooth) return false;
  touched.add(numberOf(tooth), target.getAttribute("data-s") ?? "");
  return true;
}

function boxBetween(start: { x: number; y: number }, event: PointerEvent): Box {
  return {
    left: Math.min(start.x, event.clientX),
    right: Math.max(start.x, event.clientX),
    top: Math.min(start.y, event.clientY),
    bottom: Math.max(start.y, event.clientY),
  };
}
