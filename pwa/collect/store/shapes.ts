import type { ConsentRecord } from '../domain/consent';
import type { Marker } from '../domain/marker';
import type { OutboxEntry } from '../domain/outbox';
import type { Photo, Quote, Story } from '../domain/story';
import type { Cost } from './argon';
import type { Bytes, Ciphertext } from './sealing';

/** Something kept that only this phone's holder can read, and the key it was sealed with. */
export interface Sealed extends Ciphertext {
  keyId: string;
}

/** The lock itself. `secret` is the private key under the PIN; `rescue` the same, sealed to the server's key. */
export interface LockRow {
  id: 'lock';
  point: Bytes;
  salt: Bytes;
  cost: Cost;
  secret: Ciphertext;
  rescue: { keyId: string; forWhom: string; sealed: Bytes } | null;
  wrongTries: number;
  /** Unix milliseconds before which no try counts. */
  notBefore: number;
}

/** A data key, sealed to the lock's public key: made without the PIN, opened only with it. */
export interface KeyRow {
  id: string;
  sealed: Bytes;
}

/** The server's public key, to which the private key is sealed in case the PIN is forgotten. */
export interface RescueRow {
  id: 'rescue';
  keyId: string;
  point: Bytes;
  /** This phone's id and that of who is signed in, with a space between: nobody else gets it opened. */
  forWhom: string;
}

export type VaultRow = LockRow | KeyRow | RescueRow;

/** Where a vault keeps its rows. */
export interface KeyRows {
  get(id: string): Promise<VaultRow | undefined>;
  /** Puts what `change` makes of the row on disk, in one transaction. Null leaves it as it is, which is then false. */
  change(id: string, change: (row: VaultRow | undefined) => VaultRow | null): Promise<boolean>;
  /** What was locked can be read now, or the other way round. */
  changed(): void;
}

/** One row of the bytes of a recording or photo, sealed to its place: `number` counts from 0 without gaps. */
export interface Chunk extends Sealed {
  partId: string;
  number: number;
  /** Bytes before they were sealed, and their hex SHA-256. */
  size: number;
  sha256: string;
  /** Position in a recording where this chunk ends, in milliseconds; 0 for photos. */
  untilMs: number;
}

/** What each store keeps in the open, so that counting, ordering and deleting need no key. All else is sealed. */
export const PLAIN = {
  stories: ['id', 'projectId', 'personId', 'conversationId', 'toldAt', 'receiptHashes'],
  consents: ['id', 'projectId', 'storyId'],
  quotes: ['id', 'storyId', 'position', 'writtenAt'],
  photos: ['id', 'storyId', 'position', 'size', 'type', 'width', 'height', 'takenAt', 'released'],
  markers: ['id', 'recordingId', 'storyId'],
  outbox: [
    'id', 'kind', 'storyId', 'personId', 'position', 'bytes', 'state', 'attempts', 'nextTryAt', 'code', 'message',
    'sentBytes', 'receivedAt', 'notices', 'createdAt', 'keptSince', 'keepHours', 'anyLine', 'triedAt',
  ],
} as const satisfies { [Name in keyof Things]: readonly (keyof Things[Name])[] };

export interface Things {
  stories: Story;
  consents: ConsentRecord;
  quotes: Quote;
  photos: Photo;
  markers: Marker;
  outbox: OutboxEntry;
}

export type SealedStore = keyof Things;
type PlainKey<Name extends SealedStore> = (typeof PLAIN)[Name][number];

/** A thing as it is kept: some of it in the open, the rest sealed to its place. */
export type Row<Name extends SealedStore> = Pick<Things[Name], PlainKey<Name> & keyof Things[Name]> & {
  sealed: Sealed;
};
