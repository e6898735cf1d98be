/** What a hand drew, as an SVG of bare paths: the server takes nothing else. */

export interface Point {
  x: number;
  y: number;
}

const place = (point: Point): string => `${point.x.toFixed(1)} ${point.y.toFixed(1)}`;

const middle = (one: Point, other: Point): Point => ({
  x: (one.x + other.x) / 2,
  y: (one.y + other.y) / 2,
});

/** Return the « d » of one stroke: curves from middle to middle, so that it has no corners. */
export function stroke(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  const last = points.at(-1) ?? first;
  if (rest.length < 2) return `M${place(first)}L${place(last)}`;
  const curves = rest.slice(0, -1).map((point, index) => {
    return `Q${place(point)} ${place(middle(point, rest[index + 1] ?? point))}`;
  });
  return `M${place(first)}${curves.join("")}L${place(last)}`;
}

/** Return the drawing, or nothing when nothing was drawn. */
export function drawing(strokes: readonly Point[][], width: number, height: number): string {
  const paths = strokes.filter((points) => points.length > 0).map(stroke);
  if (paths.length === 0) return "";
  const inner = paths.map((path) => `<path d="${path}"/>`).join("");
  const size = `0 0 ${Math.round(width)} ${Math.round(height)}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${size}">${inner}</svg>`;
}
