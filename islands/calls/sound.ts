import { play } from "./tones";

/** Sound, as far as the browser allows: it wants a gesture of the person first. */
export class Sound {
  private context: AudioContext | null = null;

  /** Where a browser cannot make sounds, light remains. */
  private get audio(): AudioContext | null {
    if (typeof AudioContext === "undefined") return null;
    this.context ??= new AudioContext();
    return this.context;
  }

  /** Tell whether a sound would be heard now. */
  get isReady(): boolean {
    return this.audio?.state === "running";
  }

  /** Ask the browser to let sounds through; only a gesture makes it agree. */
  async wake(): Promise<boolean> {
    const audio = this.audio;
    if (!audio) return false;
    if (audio.state !== "running") await audio.resume();
    return audio.state === "running";
  }

  /** Sound a call; false when the browser does not let it through. */
  ring(sound: string): boolean {
    const audio = this.audio;
    if (audio?.state !== "running") return false;
    play(audio, sound);
    document.body.dataset.rang = sound;
    return true;
  }

  leave(): void {
    void this.context?.close();
    this.context = null;
  }
}
