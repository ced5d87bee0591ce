interface Kind {
  /** Where its JSON is put under /api/v1; null for a file, which goes in pieces. */
  folder: string | null;
  /** What of the same story the server must hold first. */
  after: readonly string[];
}

const TOGETHER = ['consent', 'story'];

/** Everything a phone sends, in the order in which it goes. Something new to send is one more line here. */
const KINDS = {
  withdrawal: { folder: 'withdrawals', after: [] },
  consent: { folder: 'consents', after: [] },
  story: { folder: 'stories', after: ['consent'] },
  quote: { folder: 'quotes', after: TOGETHER },
  manifest: { folder: 'recordings', after: TOGETHER },
  evidence: { folder: null, after: TOGETHER },
  photo: { folder: null, after: TOGETHER },
  segment: { folder: null, after: TOGETHER },
  recording: { folder: null, after: TOGETHER },
} as const satisfies Record<string, Kind>;

export type EntryKind = keyof typeof KINDS;

export const ENTRY_KINDS = Object.keys(KINDS) as EntryKind[];

/** True for what is so large that it may have to wait for Wi-Fi: sound, photos, and evidence of consent. */
export function isMedia(kind: EntryKind): boolean {
  return KINDS[kind].folder === null;
}

/** Where JSON of this kind is put under /api/v1; null for media. */
export function folderOf(kind: EntryKind): string | null {
  return KINDS[kind].folder;
}

export function mustFollow(kind: EntryKind): readonly string[] {
  return KINDS[kind].after;
}

/** Smaller goes first. */
export function placeInOrder(kind: EntryKind): number {
  return ENTRY_KINDS.indexOf(kind);
}
