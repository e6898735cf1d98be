import { gettext } from "../gettext";
import type { Change, Mode, Step } from "./mouth";
import type { Refused } from "./queue";

const ROMAN = ["0", "I", "II", "III"];

export const words = {
  saving: gettext("Enregistrement…"),
  saved: gettext("Tout est enregistré"),
  waiting: (count: number) =>
    gettext("{count} valeurs gardées sur ce poste, envoi dès que possible", { count }),
  closed: gettext("Non enregistré\u00a0: {values}"),
  walked: gettext("Fin du chemin"),
  modes: {
    depth: gettext("Profondeur"),
    recession: gettext("Récession"),
    mobility: gettext("Mobilité"),
    furcation: gettext("Furcation"),
  } satisfies Record<Mode, string>,
  signs: {
    bleeding: gettext("saigne"),
    plaque: gettext("plaque"),
    suppuration: gettext("pus"),
  },
  absent: gettext("absente"),
  meanwhile: (value: string, held: string) =>
    gettext("{value} (noté entre-temps\u00a0: {held})", { value, held }),
};

const isUpper = (tooth: number): boolean => tooth < 30;

/** « MV », « DP »: the lingual side of the upper jaw is the palate. */
export function shortName([tooth, site]: Step): string {
  return isUpper(tooth) ? site.replace("L", "P") : site;
}

/** « mésial vestibulaire », « milieu palatin ». */
export function siteName([tooth, site]: Step): string {
  const lingual = isUpper(tooth) ? gettext("palatin") : gettext("lingual");
  const faces: Record<string, string> = { V: gettext("vestibulaire"), L: lingual };
  const sides: Record<string, string> = { M: gettext("mésial"), D: gettext("distal") };
  const face = faces[site.at(-1) ?? ""] ?? "";
  const side = sides[site[0] ?? ""] ?? "";
  if (side && site.length > 1) return `${side} ${face}`;
  return side || gettext("milieu {face}", { face });
}

/** « entrée vestibulaire », « entrée mésiale ». */
export function entranceName(entrance: string): string {
  const names: Record<string, string> = {
    V: gettext("entrée vestibulaire"),
    L: gettext("entrée linguale"),
    M: gettext("entrée mésiale"),
    D: gettext("entrée distale"),
  };
  return names[entrance] ?? "";
}

/** A value as it is shown: « −2 », « II », a dash for none. */
export function valueText(mode: Mode, value: unknown): string {
  if (typeof value !== "number") return "–";
  if (mode === "mobility" || mode === "furcation") return ROMAN[value] ?? String(value);
  return String(value).replace("-", "−");
}

/** One value that was not kept, in a few words. */
export function changeText({ tooth, site, field, value }: Change): string {
  return [tooth, shortName([tooth, site]), nameOf(field), said(field, value)]
    .filter(Boolean)
    .join(" ");
}

function said(field: Change["field"], value: unknown): string {
  // What this version has no word for is written as it was sent.
  if (nameOf(field) === field) return String(value);
  if (typeof value === "boolean") return value ? gettext("oui") : gettext("non");
  if (field !== "presence") return valueText(field as Mode, value);
  const names: Record<string, string> = {
    present: gettext("présente"),
    missing: words.absent,
    implant: gettext("implant"),
  };
  return names[String(value)] ?? "";
}

/** A value that the server did not take, with what somebody else noted there meanwhile. */
export function refusedText({ held, ...change }: Refused): string {
  const value = changeText(change);
  return held === undefined ? value : words.meanwhile(value, said(change.field, held));
}

function nameOf(field: Change["field"]): string {
  if (field === "presence") return "";
  return field in words.modes
    ? words.modes[field as Mode].toLowerCase()
    : (words.signs[field as keyof typeof words.signs] ?? field);
}
