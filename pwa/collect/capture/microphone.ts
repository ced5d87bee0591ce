import { Refusal, type Code } from '../domain/codes';
import { Ears } from './ears';

export interface SoundEvents {
  /** Encoded sound, in order; together the pieces are one file. */
  onChunk(piece: Blob): void;
  onLost(code: Code): void;
}

/** What can be told of the microphone at one moment. */
export interface Loudness {
  /** 0 to 1. */
  level: number;
  /** It delivers nothing but zeros, or the phone has muted it. */
  silent: boolean;
  /** It has ended, and will never deliver anything again. */
  dead: boolean;
  /** Nobody can see the page. */
  hidden: boolean;
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
  /** Hears without keeping anything, to check that it works. Throws what `open` throws. */
  listen(): Promise<Listening>;
  /** Whether it may be opened without the phone asking anybody; false where a browser does not say. */
  isAllowed(): Promise<boolean>;
}

export interface Listening {
  hear(): { level: number; silent: boolean };
  close(): void;
}

const BITS_PER_SECOND = 64_000;
const LAST_PIECE_WITHIN_MS = 3_000;
const REFUSED = new Set(['NotAllowedError', 'SecurityError']);

export const browserMicrophone: Microphone = {
  async open() {
    if (!navigator.mediaDevices?.getUserMedia || typeof MediaRecorder === 'undefined')
      throw new Refusal('app_unavailable');
    return new BrowserSound(await microphoneStream());
  },
  async listen() {
    if (!navigator.mediaDevices?.getUserMedia) throw new Refusal('app_unavailable');
    const stream = await microphoneStream();
    const ears = new Ears(stream);
    return {
      hear: () => ears.hear(),
      close() {
        for (const track of stream.getTracks()) track.stop();
        ears.close();
      },
    };
  },
  isAllowed: async () => (await permission())?.state === 'granted',
};

async function permission(): Promise<PermissionStatus | null> {
  const name = 'microphone' as PermissionName;
  return (await navigator.permissions?.query({ name }).catch(() => null)) ?? null;
}

function microphoneStream(): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia({ audio: WANTED }).catch((error: unknown) => {
    const name = error instanceof Error ? error.name : '';
    throw new Refusal(REFUSED.has(name) ? 'microphone_refused' : 'microphone_missing', name);
  });
}

// Clean-up meant for calls swallows quiet voices and harms transcription; level control helps both.
const WANTED = { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: true };

class BrowserSound implements Sound {
  private readonly track: MediaStreamTrack;
  private readonly recorder: MediaRecorder;
  private readonly ears: Ears;
  private readonly watching = new AbortController();

  constructor(private readonly stream: MediaStream) {
    this.track = stream.getAudioTracks()[0]!;
    const mimeType = preferredType();
    this.recorder = new MediaRecorder(stream, { audioBitsPerSecond: BITS_PER_SECOND, ...(mimeType && { mimeType }) });
    this.ears = new Ears(stream);
  }

  get type(): string {
    return this.recorder.mimeType;
  }

  start({ onChunk, onLost }: SoundEvents): void {
    const lost = (): void => onLost('microphone_lost');
    this.recorder.ondataavailable = (event) => onChunk(event.data);
    this.recorder.onerror = lost;
    this.recorder.onstop = lost;
    this.track.onended = lost;
    const { signal } = this.watching;
    // An iPhone takes the microphone away when its app goes out of sight, and says so late or never.
    const hidden = (): void => void (document.hidden && onLost('hidden'));
    if (isApple()) document.addEventListener('visibilitychange', hidden, { signal });
    void onRefused(signal, () => onLost('microphone_refused'));
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
    this.watching.abort();
    if (this.recorder.state === 'inactive') return Promise.resolve();
    return new Promise((resolve) => {
      this.recorder.onstop = () => resolve();
      // A phone that took the microphone away may never say that it stopped.
      setTimeout(resolve, LAST_PIECE_WITHIN_MS);
      this.recorder.stop();
    });
  }

  loudness(): Loudness {
    const { level, silent } = this.ears.hear();
    const { muted, readyState } = this.track;
    return { level, silent: silent || muted, dead: readyState === 'ended', hidden: document.hidden };
  }

  close(): void {
    this.watching.abort();
    this.track.onended = null;
    for (const track of this.stream.getTracks()) track.stop();
    this.ears.close();
  }
}

/** Calls when somebody takes the permission away; browsers that cannot tell end the track instead. */
async function onRefused(signal: AbortSignal, call: () => void): Promise<void> {
  const status = await permission();
  status?.addEventListener('change', () => status.state === 'denied' && call(), { signal });
}
function isApple(): boolean {
  return navigator.vendor.startsWith('Apple');
}

function preferredType(): string | undefined {
  const opus = 'audio/webm;codecs=opus';
  const types = isApple() ? ['audio/mp4', opus] : [opus, 'audio/mp4', 'audio/ogg;codecs=opus'];
  return types.find((type) => MediaRecorder.isTypeSupported(type));
}
