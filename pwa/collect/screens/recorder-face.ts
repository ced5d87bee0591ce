import type { RecorderView } from '../domain/recorder';
import { problem, words } from '../words';

/** What the recorder says in large letters: is it recording, and what to do about it. */
export interface RecorderFace {
  heading: string;
  more: string;
  /** `on`: sound is being kept. `alarm`: it stopped by itself. `off`: it is not recording, on purpose. */
  tone: 'on' | 'off' | 'alarm';
}

export function recorderFace(view: RecorderView): RecorderFace {
  const says = words.recorder;
  switch (view.state) {
    case 'recording':
      return { heading: says.recording, more: view.awake ? '' : says.mayDim, tone: 'on' };
    case 'paused':
      return { heading: says.paused, more: says.pausedMore, tone: 'off' };
    case 'arming':
      return { heading: says.starting, more: '', tone: 'off' };
    case 'stopping':
      return { heading: says.stopping, more: '', tone: 'off' };
    case 'failed':
      return { heading: says.ready, more: problem(view.problem ?? 'unknown'), tone: 'alarm' };
    case 'interrupted':
      return { ...interruptedFace(view), tone: 'alarm' };
    default:
      return { heading: says.ready, more: view.state === 'sealed' ? says.sealedMore : says.readyMore, tone: 'off' };
  }
}

function interruptedFace({ problem: code }: RecorderView): { heading: string; more: string } {
  const says = words.recorder;
  switch (code) {
    case 'silence':
      return { heading: says.silent, more: says.silentMore };
    case 'hidden':
      return { heading: says.interrupted, more: says.hiddenMore };
    case 'slept':
      return { heading: says.interrupted, more: says.sleptMore };
    default:
      return { heading: says.interrupted, more: says.interruptedMore };
  }
}
