/** Where a dragged act would land: before the line under the pointer, or at the end. */
export function placeAmong(tops: { top: number; height: number }[], y: number): number {
  const found = tops.findIndex((one) => y < one.top + one.height / 2);
  return found < 0 ? tops.length : found;
}
