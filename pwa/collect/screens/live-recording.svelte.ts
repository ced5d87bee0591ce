import type { CollectApp, Recorder } from '../app-core';
import { Refusal } from '../domain/codes';
import { isLive, type RecorderView } from '../domain/recorder';

const NOT_RECORDING: RecorderView = {
  state: 'idle',
  recordingId: null,
  savedMs: 0,
  level: 0,
  problem: null,
  awake: true,
  marks: 0,
  lastMark: null,
};

let recorder = $state.raw<Recorder | null>(null);
let storyId = $state<string | null>(null);
let view = $state.raw<RecorderView>(NOT_RECORDING);
let markFailed = $state(false);
let unsubscribe = (): void => {};

/** The one recording that may be going on, whichever page is in front of it. */
export const liveRecording = {
  get storyId() {
    return storyId;
  },
  get view() {
    return view;
  },
  /** True while leaving would cut something off, or leave it unfinished. */
  get live() {
    return isLive(view.state);
  },
  /** The last tap on Mark kept nothing. */
  get markFailed() {
    return markFailed;
  },
  /** The state of this story's recorder; another story's recorder looks idle from here. */
  viewFor(id: string): RecorderView {
    return id === storyId ? view : NOT_RECORDING;
  },
  /** Starts, goes on after an interruption, or goes on with a recording that a crash cut off. */
  async start(app: CollectApp, id: string, continues?: string): Promise<void> {
    if (view.state === 'interrupted' && id === storyId) return recorder?.start();
    if (isLive(view.state)) return;
    unsubscribe();
    storyId = id;
    markFailed = false;
    try {
      recorder = app.newRecorder(id, continues);
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
  async mark(promptId: string | null): Promise<void> {
    markFailed = recorder !== null && !(await recorder.mark(promptId));
  },
  async setTheme(themeId: string | null): Promise<void> {
    markFailed = recorder !== null && !(await recorder.setTheme(themeId));
  },
  undoMark: async () => void (await recorder?.undoMark()),
  rescue: async () => (await recorder?.rescue()) ?? null,
  /** A problem was seen. A recording that can go on stays; one that has stopped is forgotten. */
  clear(): void {
    recorder?.acknowledge();
    if (isLive(view.state)) return;
    unsubscribe();
    unsubscribe = () => {};
    recorder = null;
    storyId = null;
    view = NOT_RECORDING;
  },
};
