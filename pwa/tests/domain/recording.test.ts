import { describe, expect, it } from 'vitest';
import { isDeletable } from '../../collect/domain/keeping';
import { endFor, gapAfterRestart, manifestBody, offsetAfter, type Recording, type Segment } from '../../collect/domain/recording';
import { recordingState, type RecordingKept, type RecordingState } from '../../collect/domain/recording-state';
import { entry } from './entries';

const recording: Recording = { id: 'r', storyId: 's', state: 'open', startedAt: 'now', position: 1 };
const segment: Segment = {
  id: 's-segment-0', recordingId: 'r', storyId: 's', number: 0, state: 'queued', ended: 'stopped', type: 'audio/webm',
  startedAt: '2026-11-21T10:00:00.000+00:00', offsetMs: 0, durationMs: 8_000, size: 10, chunks: 1, sha256: 'f00',
  released: false,
};
const sent = { state: 'stored' as const, keptSince: 0 };

describe('one state for a recording', () => {
  const states: [RecordingState, Partial<RecordingKept>][] = [
    ['idle', { recording: null }],
    ['arming', { recording: null, recorder: 'arming' }],
    ['recording', { recorder: 'recording' }],
    ['recording', { recorder: 'paused' }],
    ['interrupted', { recorder: 'interrupted' }],
    ['stopping', { recorder: 'stopping' }],
    ['interrupted', { segments: [{ ...segment, state: 'open' }] }],
    ['interrupted', { recorder: 'failed' }],
    ['sealed', { recording: { ...recording, state: 'sealed' } }],
    ['sealed', { recording: { ...recording, state: 'queued' }, segments: [{ ...segment, state: 'sealed' }] }],
    ['queued', { recording: { ...recording, state: 'queued' }, entries: [entry('segment', 's'), entry('manifest', 's')] }],
    ['uploading', { recording: { ...recording, state: 'queued' }, entries: [entry('segment', 's', sent), entry('manifest', 's')] }],
    ['uploading', { recording: { ...recording, state: 'queued' }, entries: [entry('segment', 's', { sentBytes: 4 })] }],
    ['stored', { recording: { ...recording, state: 'queued' }, entries: [entry('segment', 's', { ...sent, keptSince: 9e12 })] }],
    ['deletable', { recording: { ...recording, state: 'queued' }, entries: [entry('segment', 's', sent)] }],
  ];
  it.each(states)('%s', (state, kept) => {
    const blank = { recorder: null, recording, segments: [segment], entries: [] };
    const over = (one: Parameters<typeof isDeletable>[0]): boolean => isDeletable(one, 24, 1e12);
    expect(recordingState({ ...blank, isDeletable: over, ...kept })).toBe(state);
  });
});

describe('the manifest', () => {
  it('says whole milliseconds, as the server takes them', () => {
    const parts = [{ ...segment, durationMs: 999.6 }, { ...segment, offsetMs: 2_000.4, durationMs: 500.7 }];
    const marker = { id: 'm', recordingId: 'r', storyId: 's', atMs: 1_500.9, promptId: null, themeId: null };
    expect(JSON.parse(manifestBody(recording, parts, [marker]))).toMatchObject({
      segments: [{ offset_ms: 0, duration_ms: 1_000 }, { offset_ms: 2_000, duration_ms: 501 }], markers: [{ at_ms: 1_501 }],
    });
  });
});

describe('gaps', () => {
  it('the first segment starts at nothing, the next after what was heard and what was missed', () => {
    expect(offsetAfter(null, 5_000)).toBe(0);
    expect(offsetAfter({ offsetMs: 10_000, durationMs: 8_000 }, 5_000)).toBe(23_000);
    expect(offsetAfter({ offsetMs: 10_000, durationMs: 8_000 }, -5)).toBe(18_000);
  });

  it('after a restart the wall clock says how long, unless it jumped (fault 31)', () => {
    const ended = Date.parse(segment.startedAt) + segment.durationMs;
    expect(gapAfterRestart(segment, ended + 60_000)).toBe(60_000);
    expect(gapAfterRestart(segment, ended - 3_600_000)).toBe(0);
    expect(gapAfterRestart(segment, ended + 5 * 365 * 24 * 3_600_000)).toBe(0);
  });

  it('what went wrong has a name that the server knows', () => {
    expect(['silence', 'phone_full', 'not_saved', 'hidden', 'slept', 'microphone_refused'].map(endFor)).toEqual(
      ['silence', 'full', 'failed', 'hidden', 'interrupted', 'microphone_lost'],
    );
  });
});
