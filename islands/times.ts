import { meta } from "./dom";

/** Write an instant as the practice's clock shows it, wherever this browser thinks it is: 14 h 32. */
export function clock(at: Date): string {
  const timeZone = meta("time-zone") || undefined;
  const parts = new Intl.DateTimeFormat("fr-FR", {
    hour: "numeric",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone,
  }).formatToParts(at);
  const said = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  return `${Number(said("hour"))} h ${said("minute")}`;
}
