import type { EntryKind, OutboxEntry } from '../domain/outbox';
import { manifestBody } from '../domain/recording';
import { consentBody, quoteBody, storyBody } from '../domain/wire';
import { sha256 } from './bytes';
import type { Database } from './database';
import { markersOf } from './markers';
import { recordingById } from './recordings';
import { fromRow } from './rows';
import { segmentsOf } from './segments';
import type { Row, Things } from './shapes';

type Content = Pick<OutboxEntry, 'sha256' | 'body' | 'bytes'>;
type Maker = (database: Database, id: string) => Promise<Content | null>;

/** What each kind of entry was made of. Something new to send is one more line here. */
const MAKERS: Partial<Record<EntryKind, Maker>> = {
  consent: madeOf('consents', consentBody),
  story: madeOf('stories', storyBody),
  quote: madeOf('quotes', quoteBody),
  manifest,
  evidence: (database, id) => fileIn(database, 'evidence', id),
  segment: (database, id) => fileIn(database, 'segments', id),
  recording: (database, id) => fileIn(database, 'segments', id),
};

/**
 * An entry whose own row is damaged, made again of what it was made of; null where that is not here. The same id must
 * always carry the same bytes: how many there were is kept in the open, and where the server has others under this id
 * it refuses these. Throws `locked`, or `damaged_on_phone` where that is damaged too.
 */
export async function rebuilt(database: Database, row: Row<'outbox'>): Promise<OutboxEntry | null> {
  const { sealed: _, ...standing } = row;
  const content = await MAKERS[row.kind]?.(database, row.id);
  return content?.bytes === row.bytes ? { ...standing, ...content } : null;
}

function madeOf<Name extends 'consents' | 'stories' | 'quotes'>(
  name: Name,
  body: (thing: Things[Name]) => string,
): Maker {
  return async (database, id) => {
    const row = await database.read([name], (tx) => tx.objectStore(name).get(id));
    return row ? textOf(body(await fromRow(database, name, row as unknown as Row<Name>))) : null;
  };
}

async function manifest(database: Database, id: string): Promise<Content | null> {
  const recording = await recordingById(database, id);
  const { markers } = await markersOf(database, id);
  return recording && textOf(manifestBody(recording, await segmentsOf(database, id), markers));
}

async function textOf(body: string): Promise<Content> {
  const bytes = new TextEncoder().encode(body);
  return { sha256: await sha256(bytes), body, bytes: bytes.length };
}

/** What a file is said to be lies in the open beside it. */
async function fileIn(database: Database, name: 'evidence' | 'segments', id: string): Promise<Content | null> {
  const row = await database.read([name], (tx) => tx.objectStore(name).get(id));
  return row?.sha256 ? { sha256: row.sha256, body: null, bytes: row.size } : null;
}
