/** Days and times of the practice's wall clock, as text and numbers: no time zone can shift them. */

import { locale } from "../gettext";
import { said } from "./words";

const DAY_MS = 86_400_000;

/** 09:30 → 570. */
export function minutesOf(text: string): number {
  const [hours = "0", minutes = "0"] = text.split(":");
  return Number(hours) * 60 + Number(minutes);
}

/** 570 → 09:30, as forms and the server write it. */
export function hhmm(minutes: number): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** 570 → 9 h 30, as people read it. */
export function clockOf(minutes: number): string {
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")}`;
}

function read(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}

function write(day: Date): string {
  return day.toISOString().slice(0, 10);
}

/** Return the day that many days later. */
export function addDays(day: string, days: number): string {
  return write(new Date(read(day).getTime() + days * DAY_MS));
}

/** Return the same day some months later; the 31st becomes the last day of a shorter month. */
export function addMonths(day: string, months: number): string {
  const from = read(day);
  const month = from.getUTCMonth() + months;
  const last = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const date = Math.min(from.getUTCDate(), last);
  return write(new Date(Date.UTC(from.getUTCFullYear(), month, date)));
}

/** Return the day a jump leads to: `+7d`, `-1d`, `+3m`, or `today`. */
export function jumped(day: string, jump: string, today: string): string {
  if (jump === "today") return today;
  const found = /^([+-]\d+)([dm])$/.exec(jump);
  if (!found) return day;
  const count = Number(found[1]);
  return found[2] === "m" ? addMonths(day, count) : addDays(day, count);
}

const LONG = new Intl.DateTimeFormat(locale(), {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
  timeZone: "UTC",
});
const SHORT = new Intl.DateTimeFormat(locale(), { day: "numeric", month: "long", timeZone: "UTC" });

/** vendredi 27 novembre 2026. */
export function longDay(day: string): string {
  return LONG.format(read(day));
}

/** Say which days are shown. */
export function titleOf(days: string[]): string {
  const [first = "", last = ""] = [days[0], days.at(-1)];
  if (days.length < 2) return longDay(first);
  if (first.slice(0, 7) === last.slice(0, 7)) {
    return said.days(String(Number(first.slice(8))), SHORT.format(read(last)), last.slice(0, 4));
  }
  return said.days(SHORT.format(read(first)), SHORT.format(read(last)), last.slice(0, 4));
}

/** 2026-11-27 → 27/11/2026, as forms show days. */
export function frenchDay(day: string): string {
  const [year, month, date] = day.split("-");
  return `${date}/${month}/${year}`;
}
