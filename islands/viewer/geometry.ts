export interface Point {
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

/** How the picture lies on the screen. `turns`: quarter turns to the right; `x`, `y`: where its
 * middle is from the middle of the canvas, in canvas pixels; `zoom`: canvas pixels a pixel. */
export interface View {
  zoom: number;
  x: number;
  y: number;
  turns: number;
  mirrored: boolean;
}

export const CLOSEST = 32;
export const FARTHEST = 0.02;

/** Return the six numbers of `setTransform` that lay the picture as the view says. */
export function matrix(
  view: View,
  picture: Size,
  canvas: Size,
): [number, number, number, number, number, number] {
  const [cos, sin] = QUARTERS[mod4(view.turns)] as [number, number];
  const flip = view.mirrored ? -1 : 1;
  const a = view.zoom * cos * flip;
  const b = view.zoom * sin * flip;
  const c = -view.zoom * sin;
  const d = view.zoom * cos;
  const middle = { x: canvas.width / 2 + view.x, y: canvas.height / 2 + view.y };
  const e = middle.x - (a * picture.width) / 2 - (c * picture.height) / 2;
  const f = middle.y - (b * picture.width) / 2 - (d * picture.height) / 2;
  return [a, b, c, d, e, f];
}

const QUARTERS: [number, number][] = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
];

function mod4(turns: number): number {
  return ((turns % 4) + 4) % 4;
}

/** Return which picture pixel lies under a canvas point. */
export function toPicture(point: Point, view: View, picture: Size, canvas: Size): Point {
  const [a, b, c, d, e, f] = matrix(view, picture, canvas);
  const area = a * d - b * c;
  const x = point.x - e;
  const y = point.y - f;
  return { x: (d * x - c * y) / area, y: (a * y - b * x) / area };
}

/** Lay the whole picture on the canvas; small pictures are enlarged to fill it. */
export function fitted(view: View, picture: Size, canvas: Size): View {
  const lying = mod4(view.turns) % 2 === 1;
  const width = lying ? picture.height : picture.width;
  const height = lying ? picture.width : picture.height;
  const zoom = Math.min(canvas.width / width, canvas.height / height);
  return { ...view, zoom: clamp(zoom), x: 0, y: 0 };
}

/** Zoom so that what is under the point stays under it. */
export function zoomedAt(view: View, factor: number, point: Point, canvas: Size): View {
  const zoom = clamp(view.zoom * factor);
  const grown = zoom / view.zoom;
  const fromMiddle = { x: point.x - canvas.width / 2, y: point.y - canvas.height / 2 };
  return {
    ...view,
    zoom,
    x: fromMiddle.x - (fromMiddle.x - view.x) * grown,
    y: fromMiddle.y - (fromMiddle.y - view.y) * grown,
  };
}

/** Turn about the middle of the canvas: +1 to the right, -1 to the left. */
export function turned(view: View, quarter: 1 | -1): View {
  const { x, y } = view;
  return {
    ...view,
    turns: mod4(view.turns + quarter),
    x: quarter === 1 ? -y : y,
    y: quarter === 1 ? x : -x,
  };
}

/** Mirror left and right as they are on the screen, however the picture is turned. */
export function mirrored(view: View): View {
  const lying = mod4(view.turns) % 2 === 1;
  return {
    ...view,
    mirrored: !view.mirrored,
    turns: lying ? mod4(view.turns + 2) : view.turns,
    x: -view.x,
  };
}

function clamp(zoom: number): number {
  return Math.min(CLOSEST, Math.max(FARTHEST, zoom));
}
