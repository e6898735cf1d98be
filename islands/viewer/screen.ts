import { fitted, matrix, type Point, type Size, toPicture, type View } from "./geometry";
import {
  fillGreys,
  firstWindow,
  type Meta,
  meaning,
  type Pixels,
  paintColour,
  paintGrey,
  type Window,
} from "./pixels";

const START: View = { zoom: 1, x: 0, y: 0, turns: 0, mirrored: false };
/** Above this, pixels are shown as squares: smoothing would invent what is not there. */
const SQUARES_FROM = 6;

/** The canvas: keeps the picture at its own resolution, and lays it as the view says. */
export class Screen {
  view: View = START;
  window: Window = [0, 1];
  inverse = false;
  onPaint: () => void = () => {};
  private meta: Meta | null = null;
  private pixels: Pixels = new Uint8Array();
  private greys = new Uint8Array();
  private picture = new OffscreenCanvas(1, 1);
  private image: ImageData | null = null;
  private stale = { greys: false, view: false };
  private isFitted = true;
  private readonly context: CanvasRenderingContext2D;

  constructor(readonly canvas: HTMLCanvasElement) {
    const context = canvas.getContext("2d", { alpha: false });
    if (!context) throw new Error("no canvas");
    this.context = context;
    new ResizeObserver(() => this.resize()).observe(canvas);
  }

  get size(): Size {
    return { width: this.meta?.columns ?? 1, height: this.meta?.rows ?? 1 };
  }

  get bounds(): Size {
    return { width: this.canvas.width, height: this.canvas.height };
  }

  show(meta: Meta, pixels: Pixels): void {
    this.meta = meta;
    this.pixels = pixels;
    this.greys = new Uint8Array(2 ** meta.bitsAllocated);
    this.picture = new OffscreenCanvas(meta.columns, meta.rows);
    this.image = new ImageData(meta.columns, meta.rows);
    this.reset();
    this.paint();
  }

  reset(): void {
    if (!this.meta) return;
    this.window = firstWindow(this.pixels, this.meta);
    this.inverse = false;
    this.view = START;
    this.fit();
    this.redraw(true);
  }

  fit(): void {
    this.view = fitted(this.view, this.size, this.bounds);
    this.isFitted = true;
    this.redraw();
  }

  look(view: View, isFitted = false): void {
    this.view = view;
    this.isFitted = isFitted;
    this.redraw();
  }

  adjust(window: Window): void {
    this.window = [window[0], Math.max(1, window[1])];
    this.redraw(true);
  }

  invert(): void {
    this.inverse = !this.inverse;
    this.redraw(true);
  }

  /** Return where a canvas point lies in the picture and the value there, or null outside. */
  read(point: Point): { column: number; row: number; value: number } | null {
    if (!this.meta) return null;
    const at = toPicture(point, this.view, this.size, this.bounds);
    const column = Math.floor(at.x);
    const row = Math.floor(at.y);
    if (column < 0 || row < 0 || column >= this.meta.columns || row >= this.meta.rows) return null;
    const stored = this.pixels[(row * this.meta.columns + column) * this.meta.samples];
    return stored === undefined ? null : { column, row, value: meaning(stored, this.meta) };
  }

  private resize(): void {
    const ratio = window.devicePixelRatio || 1;
    const box = this.canvas.getBoundingClientRect();
    this.canvas.width = Math.max(1, Math.round(box.width * ratio));
    this.canvas.height = Math.max(1, Math.round(box.height * ratio));
    if (this.isFitted) this.view = fitted(this.view, this.size, this.bounds);
    // Setting the size wipes the canvas: waiting for the next frame would show it black.
    this.stale.view = true;
    this.paint();
  }

  private redraw(greys = false): void {
    const asked = this.stale.greys || this.stale.view;
    this.stale.greys ||= greys;
    this.stale.view = true;
    if (!asked) requestAnimationFrame(() => this.paint());
  }

  private paint(): void {
    const { meta, image } = this;
    if (!meta || !image || !(this.stale.greys || this.stale.view)) return;
    const began = performance.now();
    if (this.stale.greys) this.develop(meta, image);
    this.stale = { greys: false, view: false };
    const { context } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = "#000";
    context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    context.setTransform(...matrix(this.view, this.size, this.bounds));
    context.imageSmoothingEnabled = this.view.zoom < SQUARES_FROM;
    context.imageSmoothingQuality = "high";
    context.drawImage(this.picture, 0, 0);
    this.canvas.dataset.paintMs = (performance.now() - began).toFixed(1);
    this.onPaint();
  }

  private develop(meta: Meta, image: ImageData): void {
    fillGreys(this.greys, meta, this.window, this.inverse);
    const target = new Uint32Array(image.data.buffer);
    (meta.samples === 3 ? paintColour : paintGrey)(this.pixels, this.greys, target);
    this.picture.getContext("2d")?.putImageData(image, 0, 0);
  }
}
