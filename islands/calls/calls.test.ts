import { beforeEach, describe, expect, it, vi } from "vitest";
import { claim, known } from "./heard";
import { firstEnd, mount, press } from "./island";
import { play, TUNES } from "./tones";

function key(name: string, more: KeyboardEventInit = {}): KeyboardEvent {
  return new KeyboardEvent("keydown", { key: name, ...more });
}

function screen(): HTMLElement {
  document.body.innerHTML = `
    <section id="appels">
      <article class="call-heard" data-ring="a:1" data-tone="attention" data-said="Assistante · Salle 2" data-left="30">
        <button value="coming"></button><button value="seen"></button>
      </article>
      <article class="call-heard" data-ring="b:1" data-tone="danger" data-said="Urgence" data-left="90"></article>
    </section>
    <section id="appels-boutons" data-muted="false">
      <button data-call-key="F9"></button>
      <p data-sound-wake hidden><button data-wake></button></p>
    </section>`;
  return document.getElementById("appels") as HTMLElement;
}

/** Enough of an AudioContext to count what was played. */
class FakeAudio {
  static played: number[] = [];
  static state = "suspended";
  currentTime = 0;
  destination = {};
  get state(): string {
    return FakeAudio.state;
  }
  async resume(): Promise<void> {
    FakeAudio.state = "running";
  }
  async close(): Promise<void> {}
  createGain() {
    const gain = { setValueAtTime: vi.fn(), exponentialRampToValueAtTime: vi.fn() };
    return { gain, connect: (next: unknown) => next };
  }
  createOscillator() {
    const frequency = { value: 0 };
    return {
      frequency,
      type: "",
      connect: (next: unknown) => next,
      start: () => FakeAudio.played.push(frequency.value),
      stop: () => undefined,
    };
  }
}

/** Says at once how high the region is: jsdom draws nothing. */
class FakeRoom {
  constructor(private readonly changed: () => void) {}
  observe(root: HTMLElement): void {
    Object.defineProperty(root, "offsetHeight", { value: 57 });
    this.changed();
  }
  disconnect(): void {}
}

beforeEach(() => {
  vi.stubGlobal("ResizeObserver", FakeRoom);
  localStorage.clear();
  document.title = "Aujourd’hui";
  delete document.body.dataset.called;
  FakeAudio.played = [];
  FakeAudio.state = "suspended";
  vi.stubGlobal("AudioContext", FakeAudio);
});

describe("tones", () => {
  it("plays each note of a sound", () => {
    const lasts = play(new FakeAudio() as unknown as AudioContext, "knock");
    expect(FakeAudio.played).toEqual([220, 220, 220]);
    expect(lasts).toBeCloseTo(0.66);
  });

  it("plays nothing for light alone, and the chime for a sound it does not know", () => {
    const audio = new FakeAudio() as unknown as AudioContext;
    expect(play(audio, "none")).toBe(0);
    play(audio, "from-a-newer-server");
    expect(FakeAudio.played).toEqual(TUNES.chime?.map((note) => note.hz));
  });
});

describe("rings", () => {
  it("are sounded once by a browser, and again when they ring again", () => {
    expect(claim(localStorage, ["a:1"])).toEqual(["a:1"]);
    expect(claim(localStorage, ["a:1", "a:2"])).toEqual(["a:2"]);
    expect(claim(localStorage, ["a:1"])).toEqual([]);
  });

  it("survive a store that holds something else", () => {
    localStorage.setItem("quenotte.rings", "{");
    expect(known(localStorage)).toEqual([]);
    localStorage.setItem("quenotte.rings", '{"a":1}');
    expect(known(localStorage)).toEqual([]);
  });
});

describe("keys", () => {
  it("press what they mean", () => {
    screen();
    const pressed: string[] = [];
    for (const button of document.querySelectorAll("button")) {
      button.addEventListener("click", () => pressed.push(button.value || "F9"));
    }
    expect(press(key("F9"), document)).toBe(true);
    expect(press(key("F2"), document)).toBe(true);
    expect(press(key("F2", { shiftKey: true }), document)).toBe(true);
    expect(pressed).toEqual(["F9", "coming", "seen"]);
  });

  it.each([
    key("F8"),
    key("F9", { ctrlKey: true }),
    key("F9", { shiftKey: true }),
    key("F9", { repeat: true }),
    key("a"),
  ])("leave the others alone", (event) => {
    screen();
    expect(press(event, document)).toBe(false);
  });
});

describe("the screen", () => {
  it("knows which call is over first", () => {
    expect(firstEnd(screen())).toBe(30);
    document.body.innerHTML = "";
    expect(firstEnd(document)).toBe(null);
  });

  it("lights up in the colour of the most urgent call, and the tab says the words", () => {
    const leave = mount(screen());
    expect(document.body.dataset.called).toBe("danger");
    expect(document.title).toBe("● Assistante · Salle 2");
    leave();
  });

  it("says how much room it takes, so that nothing stands under it", () => {
    const leave = mount(screen());
    expect(document.documentElement.style.getPropertyValue("--ringing")).toBe("57px");
    leave();
  });

  it("offers sound until a gesture lets it through, then rings once", async () => {
    const leave = mount(screen());
    const offer = document.querySelector<HTMLElement>("[data-sound-wake]");
    expect(offer?.hidden).toBe(false);
    expect(FakeAudio.played).toEqual([]);
    document.querySelector<HTMLElement>("[data-wake]")?.click();
    await vi.waitFor(() => expect(document.body.dataset.rang).toBe("chime"));
    expect(offer?.hidden).toBe(true);
    expect(FakeAudio.played).toHaveLength(2);
    leave();
  });

  it("is silent where the workstation was muted", async () => {
    FakeAudio.state = "running";
    const root = screen();
    (document.getElementById("appels-boutons") as HTMLElement).dataset.muted = "true";
    const leave = mount(root);
    await Promise.resolve();
    expect(FakeAudio.played).toEqual([]);
    expect(document.body.dataset.called).toBe("danger");
    leave();
  });

  it("asks for the end of a call when its time has come", () => {
    vi.useFakeTimers();
    const over = vi.fn();
    const leave = mount(screen());
    document.body.addEventListener("live:call.over", over);
    vi.advanceTimersByTime(30_000);
    expect(over).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_000);
    expect(over).toHaveBeenCalledOnce();
    document.body.removeEventListener("live:call.over", over);
    leave();
    vi.useRealTimers();
  });
});
