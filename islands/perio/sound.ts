/** A short tone for each value, a lower one for a deep pocket, a low one for a refusal. */
const TONES = { value: [880, 0.05], deep: [523, 0.14], refused: [196, 0.22] } as const;
const VOLUME = 0.12;

export class Tone {
  private context: AudioContext | null = null;

  constructor(private readonly isOn: boolean) {}

  play(kind: keyof typeof TONES): void {
    if (!this.isOn || typeof AudioContext === "undefined") return;
    this.context ??= new AudioContext();
    const [hz, lasts] = TONES[kind];
    const now = this.context.currentTime;
    const voice = this.context.createOscillator();
    const gain = this.context.createGain();
    voice.frequency.value = hz;
    gain.gain.setValueAtTime(VOLUME, now);
    gain.gain.exponentialRampToValueAtTime(0.0001, now + lasts);
    voice.connect(gain).connect(this.context.destination);
    voice.start(now);
    voice.stop(now + lasts);
  }

  leave(): void {
    void this.context?.close();
    this.context = null;
  }
}
