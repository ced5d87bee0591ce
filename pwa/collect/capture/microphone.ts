import { Refusal, type Code } from '../domain/codes';

export interface SoundEvents {
  /** Encoded sound, in order; together the pieces are one file. */
  onChunk(piece: Blob): void;
  onLost(code: Code): void;
}

/** Loudness 0 to 1, and whether the microphone delivers nothing but zeros. */
export interface Loudness {
  level: number;
  silent: boolean;
}

/** One open microphone that encodes what it hears. */
export interface Sound {
  /** MIME type of the pieces. */
  readonly type: string;
  start(events: SoundEvents): void;
  pause(): void;
  resume(): void;
  /** Resolves after the last piece was handed over. */
  stop(): Promise<void>;
  loudness(): Loudness;
  /** Lets the microphone go. */
  close(): void;
}

/** What the recorder needs of the phone. `open` throws `microphone_refused`, `_missing` or `app_unavailable`. */
export interface Microphone {
  open(): Promise<Sound>;
}

const BITS_PER_SECOND = 64_000;
const LAST_PIECE_WITHIN_MS = 3_000;
const REFUSED = new Set(['NotAllowedError', 'SecurityError']);

export const browserMicrophone: Microphone = {
  async open() {
    if (!navigator.mediaDevices?.getUserMedia || typeof MediaRecorder === 'undefined')
      throw new Refusal('app_unavailable');
    const stream = await navigator.mediaDevices.getUserMedia({ audio: WANTED }).catch((error: unknown) => {
      const name = error instanceof Error ? error.name : '';
      throw new Refusal(REFUSED.has(name) ? 'microphone_refused' : 'microphone_missing', name);
    });
    return new BrowserSound(stream);
  },
};

// Clean-up meant for calls swallows quiet voices and harms transcription; level control helps both.
const WANTED = { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: true };

class BrowserSound implements Sound {
  private readonly track: MediaStreamTrack;
  private readonly recorder: MediaRecorder;
  private readonly context = new AudioContext();
  private readonly analyser: AnalyserNode;
  private readonly samples: Float32Array<ArrayBuffer>;

  constructor(private readonly stream: MediaStream) {
    this.track = stream.getAudioTracks()[0]!;
    const mimeType = preferredType();
    this.recorder = new MediaRecorder(stream, { audioBitsPerSecond: BITS_PER_SECOND, ...(mimeType && { mimeType }) });
    this.analyser = this.context.createAnalyser();
    this.samples = new Float32Array(this.analyser.fftSize);
    this.context.createMediaStreamSource(stream).connect(this.analyser);
    void this.context.resume();
  }

  get type(): string {
    return this.recorder.mimeType;
  }

  start({ onChunk, onLost }: SoundEvents): void {
    this.recorder.ondataavailable = (event) => onChunk(event.data);
    this.recorder.onerror = () => onLost('microphone_lost');
    this.track.onended = () => onLost('microphone_lost');
    this.recorder.start(isApple() ? 2_000 : 1_000);
  }

  pause(): void {
    this.recorder.requestData();
    this.recorder.pause();
  }

  resume(): void {
    this.recorder.resume();
  }

  stop(): Promise<void> {
    if (this.recorder.state === 'inactive') return Promise.resolve();
    return new Promise((resolve) => {
      this.recorder.onstop = () => resolve();
      // A phone that took the microphone away may never say that it stopped.
      setTimeout(resolve, LAST_PIECE_WITHIN_MS);
      this.recorder.stop();
    });
  }

  loudness(): Loudness {
    // A sleeping analyser shows zeros of its own making, which say nothing about the microphone.
    if (this.context.state !== 'running') return { level: 0, silent: this.track.muted };
    this.analyser.getFloatTimeDomainData(this.samples);
    const peak = this.samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    return { level: levelOf(peak), silent: this.track.muted || peak === 0 };
  }

  close(): void {
    this.track.onended = null;
    for (const track of this.stream.getTracks()) track.stop();
    void this.context.close().catch(() => undefined);
  }
}

/** −50 dB and below is 0, full scale is 1. */
function levelOf(peak: number): number {
  return peak === 0 ? 0 : Math.min(1, Math.max(0, 1 + (20 * Math.log10(peak)) / 50));
}

function isApple(): boolean {
  return navigator.vendor.startsWith('Apple');
}

function preferredType(): string | undefined {
  const opus = 'audio/webm;codecs=opus';
  const types = isApple() ? ['audio/mp4', opus] : [opus, 'audio/mp4', 'audio/ogg;codecs=opus'];
  return types.find((type) => MediaRecorder.isTypeSupported(type));
}
