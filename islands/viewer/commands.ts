import { mirrored, turned, zoomedAt } from "./geometry";
import type { Screen } from "./screen";
import { words } from "./words";

export interface Command {
  keys: string[];
  /** How the key is written in the help. */
  shown: string;
  label: string;
  icon?: string;
  /** Shown instead of an icon. */
  text?: string;
  run: () => void;
}

const STEP = 1.25;

function zoomMiddle(screen: Screen, factor: number): void {
  const { bounds, view } = screen;
  const middle = { x: bounds.width / 2, y: bounds.height / 2 };
  screen.look(zoomedAt(view, factor, middle, bounds));
}

function turn(screen: Screen, quarter: 1 | -1): void {
  screen.look(turned(screen.view, quarter));
  screen.fit();
}

function onePixel(screen: Screen): void {
  screen.look({ ...screen.view, zoom: 1, x: 0, y: 0 });
}

/** Return what can be done to the picture, in the order of the tool bar. */
export function commandsFor(screen: Screen): Command[] {
  return [
    { keys: ["i"], shown: "I", label: words.invert, icon: "contrast", run: () => screen.invert() },
    {
      keys: ["r"],
      shown: "R",
      label: words.turnRight,
      icon: "rotate-cw",
      run: () => turn(screen, 1),
    },
    {
      keys: ["R", "l"],
      shown: "L",
      label: words.turnLeft,
      icon: "rotate-ccw",
      run: () => turn(screen, -1),
    },
    {
      keys: ["m"],
      shown: "M",
      label: words.mirror,
      icon: "flip-horizontal-2",
      run: () => screen.look(mirrored(screen.view)),
    },
    {
      keys: ["+", "="],
      shown: "+",
      label: words.larger,
      icon: "zoom-in",
      run: () => zoomMiddle(screen, STEP),
    },
    {
      keys: ["-"],
      shown: "−",
      label: words.smaller,
      icon: "zoom-out",
      run: () => zoomMiddle(screen, 1 / STEP),
    },
    { keys: ["f"], shown: "F", label: words.fit, icon: "maximize", run: () => screen.fit() },
    { keys: ["1"], shown: "1", label: words.actualSize, text: "1:1", run: () => onePixel(screen) },
    {
      keys: ["0"],
      shown: "0",
      label: words.reset,
      icon: "undo-2",
      run: () => screen.reset(),
    },
  ];
}
