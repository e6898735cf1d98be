import type { Feed } from "./feed";
import { said } from "./words";

/** Leave out of a week the chairs on which nobody is booked: the others need the room.
 *
 * Which ones is said above the grid; the day shows all of them.
 */
export function withoutEmptyChairs(feed: Feed): Feed {
  if (feed.days.length === 1) return feed;
  const used = new Set(feed.visits.map((visit) => visit.column));
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
