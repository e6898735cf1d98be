/** The place of the grid that the keyboard speaks of. */
export interface Cursor {
  day: number;
  column: number;
  from: number;
  /** How long the chosen place lasts, in minutes. */
  minutes: number;
}

export interface Bounds {
  days: number;
  columns: number;
  min: number;
  max: number;
  step: number;
}

/** Keep a cursor inside the grid. */
export function within(cursor: Cursor, bounds: Bounds): Cursor {
  const clamp = (value: number, low: number, high: number) =>
    Math.max(low, Math.min(value, Math.max(low, high)));
  const minutes = clamp(cursor.minutes, bounds.step, bounds.max - bounds.min);
  return {
    day: clamp(cursor.day, 0, bounds.days - 1),
    column: clamp(cursor.column, 0, bounds.columns - 1),
    from: clamp(cursor.from, bounds.min, bounds.max - minutes),
    minutes,
  };
}

function beside(cursor: Cursor, by: number, bounds: Bounds): Cursor {
  const place = cursor.day * bounds.columns + cursor.column + by;
  if (place < 0 || place >= bounds.days * bounds.columns) return cursor;
  return { ...cursor, day: Math.floor(place / bounds.columns), column: place % bounds.columns };
}

/** Return where a key leads, null when it leads nowhere. `long` (Shift) changes the length. */
export function moved(cursor: Cursor, key: string, long: boolean, bounds: Bounds): Cursor | null {
  const { step } = bounds;
  const to: Record<string, () => Cursor> = {
    ArrowUp: () =>
      long
        ? { ...cursor, minutes: cursor.minutes - step }
        : { ...cursor, from: snapped(cursor.from - step, step, cursor.from) },
    ArrowDown: () =>
      long
        ? { ...cursor, minutes: cursor.minutes + step }
        : { ...cursor, from: snapped(cursor.from + step, step, cursor.from) },
    ArrowLeft: () => beside(cursor, long ? -bounds.columns : -1, bounds),
    ArrowRight: () => beside(cursor, long ? bounds.columns : 1, bounds),
    Home: () => ({ ...cursor, from: bounds.min }),
    End: () => ({ ...cursor, from: bounds.max }),
  };
  const go = to[key];
  return go ? within(go(), bounds) : null;
}

/** A start that lies between two steps goes to the next one in the direction of the move. */
function snapped(wanted: number, step: number, here: number): number {
  if (here % step === 0) return wanted;
  return wanted > here ? Math.ceil(here / step) * step : Math.floor(here / step) * step;
}
