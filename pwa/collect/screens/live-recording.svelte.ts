import type { CollectApp, Recorder } from '../app-core';
import { Refusal } from '../domain/codes';
import type { RecorderView } from '../domain/recorder';

const NOT_RECORDING: RecorderView = {
  state: 'idle',
  recordingId: null,
  savedMs: 0,
  level: 0,
  problem: null,
  awake: true,
};

let recorder = $state.raw<Recorder | null>(null);
let storyId = $state<string | null>(null);
let view = $state.raw<RecorderView>(NOT_RECORDING);
let unsubscribe = (): void => {};

const LIVE = new Set(['arming', 'recording', 'paused', 'stopping']);

/** The one recording that may be going on, whichever page is in front of it. */
export const liveRecording = {
  get storyId() {
    return storyId;
  },
  get view() {
    return view;
  },
  /** True while leaving would cut something off. */
  get live() {
    return LIVE.has(view.state);
  },
  /** The state of this story's recorder; another story's recorder looks idle from here. */
  viewFor(id: string): RecorderView {
    return id === storyId ? view : NOT_RECORDING;
  },
  async start(app: CollectApp, id: string): Promise<void> {
    if (LIVE.has(view.state)) return;
    unsubscribe();
    storyId = id;
    try {
      recorder = app.newRecorder(id);
    } catch (refusal) {
      view = { ...NOT_RECORDING, state: 'failed', problem: refusal instanceof Refusal ? refusal.code : 'unknown' };
      return;
    }
    unsubscribe = recorder.view.subscribe((now) => (view = now));
    await recorder.start();
  },
  pause: () => recorder?.pause(),
  resume: () => recorder?.resume(),
  async stop(): Promise<void> {
    await recorder?.stop();
  },
  rescue: async () => (await recorder?.rescue()) ?? null,
  /** Forgets a recorder that has stopped, and its problem with it. */
  clear(): void {
    if (LIVE.has(view.state)) return;
    unsubscribe();
    unsubscribe = () => {};
    recorder = null;
    storyId = null;
    view = NOT_RECORDING;
  },
};
