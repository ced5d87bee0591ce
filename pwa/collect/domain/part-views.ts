import type { EntryStanding } from './outbox';
import { savedMs, type Recording, type Segment } from './recording';
import { partState, problemOf } from './status';
import type { PartState, PartView, Photo, Quote } from './story';

/** Every row about the parts of stories but the bytes. */
export interface KeptParts {
  quotes: Quote[];
  photos: Photo[];
  recordings: Recording[];
  segments: Segment[];
}

const BLANK = { durationMs: null, ended: null, lostMarks: 0, text: null, description: null };

/** What screens show of the parts of one story, in order. `entries` are that story's own. */
export function partViews(storyId: string, kept: KeptParts, entries: readonly EntryStanding[]): PartView[] {
  const mine = <Part extends { storyId: string }>(parts: Part[]): Part[] =>
    parts.filter((part) => part.storyId === storyId);
  const found = [
    ...mine(kept.recordings).map((part) => ({ part, view: recordingView(part, kept.segments, entries) })),
    ...mine(kept.photos).map((part) => ({ part, view: photoView(part, entries) })),
    ...mine(kept.quotes).map((part) => ({ part, view: quoteView(part, entries) })),
  ];
  return found.sort((a, b) => a.part.position - b.part.position).map(({ view }) => view);
}

/** The entries that stand for a recording: those of its segments, and its manifest's. */
export function entriesOf(
  recordingId: string,
  segments: readonly Segment[],
  entries: readonly EntryStanding[],
): EntryStanding[] {
  const ids = new Set([recordingId, ...segments.filter((one) => one.recordingId === recordingId).map(({ id }) => id)]);
  return entries.filter(({ id }) => ids.has(id));
}

function recordingView(part: Recording, all: readonly Segment[], entries: readonly EntryStanding[]): PartView {
  const segments = all.filter((one) => one.recordingId === part.id).sort((a, b) => a.number - b.number);
  const own = entriesOf(part.id, segments, entries);
  const worst = own.find(({ state }) => state === 'refused') ?? own.find(({ code }) => code !== null);
  return {
    ...BLANK,
    id: part.id,
    kind: 'recording',
    storyId: part.storyId,
    state: recordingPartState(part, segments, own),
    at: part.startedAt,
    bytes: segments.reduce((sum, { size }) => sum + size, 0),
    sentBytes: own.reduce((sum, entry) => sum + (entry.kind === 'manifest' ? 0 : entry.sentBytes), 0),
    durationMs: savedMs(segments),
    ended: segments.at(-1)?.ended ?? null,
    lostMarks: part.lostMarks ?? 0,
    problem: problemOf(worst),
    entryId: worst?.id ?? part.id,
  };
}

/** The worst news of all that stands for a recording; while some of it is not queued, it is only here. */
function recordingPartState(part: Recording, segments: readonly Segment[], own: readonly EntryStanding[]): PartState {
  if (segments.some(({ state }) => state === 'open')) return 'open';
  const states = new Set(own.map(partState));
  const worst = (['refused', 'needs_sign_in', 'sending', 'waiting'] as const).find((state) => states.has(state));
  return worst ?? (part.state === 'queued' && states.has('stored') ? 'stored' : 'waiting');
}

function photoView(part: Photo, entries: readonly EntryStanding[]): PartView {
  const { storyId, takenAt: at, size: bytes, description } = part;
  return { ...BLANK, kind: 'photo', storyId, at, bytes, description, ...entryView(part.id, entries) };
}

function quoteView(part: Quote, entries: readonly EntryStanding[]): PartView {
  const { storyId, writtenAt: at, text } = part;
  return { ...BLANK, kind: 'quote', storyId, at, bytes: text.length, text, ...entryView(part.id, entries) };
}

/** What its own entry says of a part that has just one. */
function entryView(id: string, entries: readonly EntryStanding[]) {
  const entry = entries.find((candidate) => candidate.id === id);
  return { id, entryId: id, sentBytes: entry?.sentBytes ?? 0, state: partState(entry), problem: problemOf(entry) };
}
