import { type Point, zoomedAt } from "./geometry";
import type { Screen } from "./screen";

/** Dragging across this many CSS pixels changes the window by its whole starting width. */
const DRAG_SPAN = 500;
const WHEEL_STEP = 1.0015;

type Gesture = "window" | "pan" | "pinch";

/** The mouse and the fingers: window by default, pan with the other buttons, wheel and pinch zoom. */
export class Hands {
  private readonly fingers = new Map<number, Point>();
  private gesture: Gesture | null = null;
  private span = 1;
  private spaceHeld = false;

  constructor(
    private readonly screen: Screen,
    private readonly onHover: (point: Point | null) => void,
  ) {
    const { canvas } = screen;
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    canvas.addEventListener("pointerup", (event) => this.up(event));
    canvas.addEventListener("pointercancel", (event) => this.up(event));
    canvas.addEventListener("pointerleave", () => onHover(null));
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    canvas.addEventListener("dblclick", () => screen.fit());
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  /** Tell whether the space bar is held: dragging then moves the picture. */
  holdSpace(held: boolean): void {
    this.spaceHeld = held;
    this.screen.canvas.dataset.hand = held ? "pan" : "";
  }

  private at(event: MouseEvent): Point {
    const box = this.screen.canvas.getBoundingClientRect();
    const ratio = this.screen.canvas.width / box.width;
    return { x: (event.clientX - box.left) * ratio, y: (event.clientY - box.top) * ratio };
  }

  private down(event: PointerEvent): void {
    this.screen.canvas.setPointerCapture(event.pointerId);
    this.fingers.set(event.pointerId, this.at(event));
    if (this.fingers.size === 2) this.gesture = "pinch";
    else if (event.button !== 0 || this.spaceHeld) this.gesture = "pan";
    else this.gesture = "window";
    this.span = this.screen.window[1];
    // The middle button would start the browser's own scrolling.
    if (event.button === 1) event.preventDefault();
  }

  private move(event: PointerEvent): void {
    const here = this.at(event);
    const before = this.fingers.get(event.pointerId);
    if (!before) {
      this.onHover(here);
      return;
    }
    if (this.gesture === "pinch") this.pinch(event.pointerId, here);
    this.fingers.set(event.pointerId, here);
    if (this.gesture === "pan") this.pan(before, here);
    if (this.gesture === "window") this.windowBy(before, here);
    this.onHover(here);
  }

  private up(event: PointerEvent): void {
    this.fingers.delete(event.pointerId);
    // A finger that stays after a pinch must not change the contrast by surprise.
    this.gesture = this.fingers.size === 0 ? null : this.gesture;
  }

  private pan(before: Point, here: Point): void {
    const { view } = this.screen;
    this.screen.look({ ...view, x: view.x + here.x - before.x, y: view.y + here.y - before.y });
  }

  private windowBy(before: Point, here: Point): void {
    const [center, width] = this.screen.window;
    const step = Math.max(this.span, 64) / (DRAG_SPAN * (window.devicePixelRatio || 1));
    this.screen.adjust([center + (before.y - here.y) * -step, width + (here.x - before.x) * step]);
  }

  private pinch(moved: number, here: Point): void {
    const other = [...this.fingers].find(([id]) => id !== moved)?.[1];
    const before = this.fingers.get(moved);
    if (!other || !before) return;
    const factor = distance(here, other) / Math.max(1, distance(before, other));
    const middle = halfway(here, other);
    const drift = halfway(before, other);
    const { view } = this.screen;
    const moving = { ...view, x: view.x + middle.x - drift.x, y: view.y + middle.y - drift.y };
    this.screen.look(zoomedAt(moving, factor, middle, this.screen.bounds));
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 33 : 1;
    const factor = WHEEL_STEP ** (-event.deltaY * pixels);
    const { view, bounds } = this.screen;
    this.screen.look(zoomedAt(view, factor, this.at(event), bounds));
  }
}

function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}

function halfway(one: Point, other: Point): Point {
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
}
