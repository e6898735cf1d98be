import type { Feed } from "./feed";
import { said } from "./words";

/** A narrower column cuts the names on its cards. */
const READABLE_PX = 80;

/** Leave out of a week the chairs on which nobody is booked, where the others need the room.
 *
 * Which ones is said above the grid; the day shows all of them. `width` is that of the grid, in
 * pixels; `wanted` the chair of a slot that is about to be booked: it stays.
 */
export function withoutEmptyChairs(feed: Feed, width: number, wanted = ""): Feed {
  const isRoomy = width / READABLE_PX >= feed.days.length * feed.columns.length;
  if (feed.days.length === 1 || isRoomy) return feed;
  const used = new Set(feed.visits.map((visit) => visit.column));
  const place = feed.columns.findIndex(([id]) => wanted !== "" && id === wanted);
  if (used.size > 0 && place >= 0) used.add(place);
  const kept = [...feed.columns.keys()].filter((column) => used.has(column));
  if (kept.length === 0 || kept.length === feed.columns.length) return feed;
  const left = feed.columns.filter((_, column) => !used.has(column)).map(([, name]) => name);
  return {
    ...feed,
    words: [...feed.words, said.emptyChairs(left)],
    columns: feed.columns.filter((_, column) => used.has(column)),
    closed: feed.closed
      .filter(({ column }) => column === -1 || used.has(column))
      .map((one) => ({ ...one, column: one.column === -1 ? -1 : kept.indexOf(one.column) })),
    visits: feed.visits.map((visit) => ({ ...visit, column: kept.indexOf(visit.column) })),
  };
}
