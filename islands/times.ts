/** Write a local time the French way: 14h32. */
export function clock(at: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(at.getHours())}h${two(at.getMinutes())}`;
}
