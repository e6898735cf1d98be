const FIRST_MS = 1000;
const LAST_MS = 30_000;

/** Wait before trying again, in ms: doubling up to 30 s, half of it by chance, so that all the
 * screens of a practice do not come back in the same instant. `random` is in [0, 1). */
export function retryDelay(attempt: number, random: number): number {
  const whole = Math.min(LAST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(whole / 2 + (whole / 2) * random);
}
