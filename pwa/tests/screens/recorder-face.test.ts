import { describe, expect, it } from 'vitest';
import type { RecorderState, RecorderView } from '../../collect/domain/recorder';
import { words } from '../../collect/words';
import { recorderFace } from '../../collect/screens/recorder-face';

const view = (change: Partial<RecorderView>): RecorderView => ({
  state: 'idle',
  recordingId: null,
  savedMs: 0,
  level: 0,
  problem: null,
  awake: true,
  marks: 0,
  lastMark: null,
  ...change,
});

const OTHERS: RecorderState[] = ['idle', 'arming', 'paused', 'stopping', 'sealed', 'interrupted', 'failed'];

describe('what the recorder says', () => {
  it('says that it is recording while it is', () => {
    expect(recorderFace(view({ state: 'recording' }))).toMatchObject({ heading: 'Recording', tone: 'on' });
  });

  it.each(OTHERS)('never looks like recording when it is %s', (state) => {
    const face = recorderFace(view({ state }));
    expect(face.tone).not.toBe('on');
    expect(face.heading).not.toBe('Recording');
  });

  it('is loud when the phone stopped it, and says why and what to do', () => {
    const face = recorderFace(view({ state: 'interrupted', problem: 'silence' }));
    expect(face.tone).toBe('alarm');
    expect(face.heading).toBe('No sound is coming in');
    expect(face.more).toContain('Carry on recording');
  });

  it('says so when the phone may go dark by itself (fault 6)', () => {
    expect(recorderFace(view({ state: 'recording', awake: false }))).toMatchObject({ tone: 'on', more: words.recorder.mayDim });
    expect(recorderFace(view({ state: 'recording' })).more).toBe('');
  });
});
