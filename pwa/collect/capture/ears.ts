/** Hears how loud a microphone is. */
export class Ears {
  private readonly context = new AudioContext();
  private readonly analyser: AnalyserNode;
  private readonly samples: Float32Array<ArrayBuffer>;

  constructor(stream: MediaStream) {
    this.analyser = this.context.createAnalyser();
    this.samples = new Float32Array(this.analyser.fftSize);
    this.context.createMediaStreamSource(stream).connect(this.analyser);
    void this.context.resume().catch(() => undefined);
  }

  /** Loudness 0 to 1, and whether there is nothing but zeros. */
  hear(): { level: number; silent: boolean } {
    // A sleeping analyser shows zeros of its own making, which say nothing; one that a call cut off does.
    const state: string = this.context.state;
    if (state !== 'running') return { level: 0, silent: state === 'interrupted' };
    this.analyser.getFloatTimeDomainData(this.samples);
    const peak = this.samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    return { level: levelOf(peak), silent: peak === 0 };
  }

  close(): void {
    void this.context.close().catch(() => undefined);
  }
}

/** −50 dB and below is 0, full scale is 1. */
function levelOf(peak: number): number {
  return peak === 0 ? 0 : Math.min(1, Math.max(0, 1 + (20 * Math.log10(peak)) / 50));
}
