/** What a call sounds like: notes that the browser makes itself, no file. */

export interface Note {
  /** Pitch, in Hz. */
  hz: number;
  /** When it begins and how long it lasts, in seconds. */
  at: number;
  lasts: number;
}

/** The sounds that a practice chooses from; "none" is light alone. */
export const TUNES: Record<string, Note[]> = {
  none: [],
  chime: [
    { hz: 784, at: 0, lasts: 0.35 },
    { hz: 659, at: 0.28, lasts: 0.6 },
  ],
  knock: [
    { hz: 220, at: 0, lasts: 0.16 },
    { hz: 220, at: 0.22, lasts: 0.16 },
    { hz: 220, at: 0.44, lasts: 0.22 },
  ],
  urgent: [0, 0.5, 1].flatMap((at) => [
    { hz: 988, at, lasts: 0.2 },
    { hz: 740, at: at + 0.22, lasts: 0.2 },
  ]),
};

/** Loud enough for a room with suction running, not for the waiting room: 0 to 1. */
const VOLUME = 0.35;
const ATTACK_S = 0.012;

/** Play a sound; return how long it lasts, in seconds. */
export function play(context: AudioContext, sound: string): number {
  const notes = TUNES[sound] ?? TUNES.chime ?? [];
  const now = context.currentTime;
  for (const { hz, at, lasts } of notes) {
    const voice = context.createOscillator();
    const gain = context.createGain();
    voice.type = "triangle";
    voice.frequency.value = hz;
    // Without a ramp a note begins and ends with a click.
    gain.gain.setValueAtTime(0.0001, now + at);
    gain.gain.exponentialRampToValueAtTime(VOLUME, now + at + ATTACK_S);
    gain.gain.exponentialRampToValueAtTime(0.0001, now + at + lasts);
    voice.connect(gain).connect(context.destination);
    voice.start(now + at);
    voice.stop(now + at + lasts);
  }
  return notes.reduce((end, note) => Math.max(end, note.at + note.lasts), 0);
}
