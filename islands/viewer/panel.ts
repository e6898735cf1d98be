import { icon, iconButton, make } from "../dom";
import type { Command } from "./commands";
import { words } from "./words";

export interface Panel {
  canvas: HTMLCanvasElement;
  bar: HTMLElement;
  title: HTMLElement;
  subtitle: HTMLElement;
  alerts: HTMLElement;
  status: HTMLElement;
  help: HTMLElement;
  close: HTMLButtonElement;
  before: HTMLButtonElement;
  after: HTMLButtonElement;
  notice: HTMLElement;
}

/** Build the surroundings of the picture inside `root`. */
export function buildPanel(
  root: HTMLElement,
  commands: Command[],
  canvas: HTMLCanvasElement,
): Panel {
  const title = make("h2", { class: "viewer-title" });
  const subtitle = make("p", { class: "viewer-subtitle" });
  const alerts = make("p", { class: "viewer-alerts chips" });
  const close = iconButton("x", words.close);
  const help = helpList(commands);
  const bar = toolBar(commands, help);
  const before = iconButton("chevron-left", words.before);
  const after = iconButton("chevron-right", words.after);
  before.classList.add("viewer-before");
  after.classList.add("viewer-after");
  const status = make("p", { class: "viewer-status", "aria-live": "off" });
  const notice = make("div", { class: "viewer-notice", role: "status" });
  const head = make("header", { class: "viewer-head" });
  head.append(make("div", { class: "viewer-titles" }, title, subtitle), alerts, bar, close);
  const stage = make("div", { class: "viewer-stage" }, canvas, before, after, notice, help);
  root.replaceChildren(head, stage, status);
  return { canvas, bar, title, subtitle, alerts, status, help, close, before, after, notice };
}

const TONES: Record<string, string> = { danger: "octagon-alert", info: "info" };

/** Draw an alert of the patient: words and an icon, never a colour alone. */
export function alertChip(tone: string, text: string): HTMLElement {
  const chip = make("span", { class: `chip tone-${tone}` }, icon(TONES[tone] ?? "triangle-alert"));
  chip.append(text);
  return chip;
}

function toolBar(commands: Command[], help: HTMLElement): HTMLElement {
  const bar = make("div", { class: "viewer-bar", role: "toolbar", "aria-label": words.tools });
  for (const command of commands) {
    const button = commandButton(command);
    button.addEventListener("click", command.run);
    bar.append(button);
  }
  const helpButton = iconButton("keyboard", words.help);
  helpButton.addEventListener("click", () => {
    help.hidden = !help.hidden;
  });
  bar.append(helpButton);
  return bar;
}

function commandButton({ icon: name, text = "", label, shown }: Command): HTMLButtonElement {
  const said = `${label} (${shown})`;
  if (name) return iconButton(name, said);
  const attributes = { type: "button", class: "icon-button", title: said, "aria-label": said };
  return make("button", attributes, text);
}

function helpList(commands: Command[]): HTMLElement {
  const list = make("dl", { class: "viewer-help", hidden: true, "aria-label": words.shortcuts });
  const rows: [string, string][] = [
    ...words.byHand,
    ...commands.map((command): [string, string] => [command.shown, command.label]),
  ];
  for (const [keys, label] of rows) {
    list.append(make("dt", {}, make("kbd", {}, keys)), make("dd", {}, label));
  }
  return list;
}

/** Show why there is no picture, and a way to try again. */
export function showTrouble(panel: Panel, text: string, retry: () => void): void {
  const again = make("button", { type: "button", class: "button button-secondary" }, words.again);
  again.addEventListener("click", retry);
  panel.notice.replaceChildren(icon("triangle-alert"), make("p", {}, text), again);
  panel.notice.hidden = false;
}

/** Show that the picture is on its way. */
export function showWaiting(panel: Panel): void {
  panel.notice.replaceChildren(make("p", {}, words.loading));
  panel.notice.hidden = false;
}
