import type { Marker } from '../domain/marker';
import type { Database } from './database';
import { fromRow, orDamaged, toRow } from './rows';
import { needStory } from './stories';

/** Keeps a marker, or what was added to it. Throws `story_missing` when its story was withdrawn meanwhile. */
export async function keepMarker(database: Database, marker: Marker): Promise<void> {
  const row = await toRow(database, 'markers', marker);
  await database.write(['stories', 'markers'], async (tx) => {
    await needStory(tx, marker.storyId);
    await tx.objectStore('markers').put(row);
  });
}

export async function removeMarker(database: Database, id: string): Promise<void> {
  await database.write(['markers'], (tx) => tx.objectStore('markers').delete(id));
}

/** The markers of a recording that can be read, as they lie in time, and how many cannot. Throws `locked`. */
export async function markersOf(
  database: Database,
  recordingId: string,
): Promise<{ markers: Marker[]; damaged: number }> {
  const rows = await database.read(['markers'], (tx) =>
    tx.objectStore('markers').index('recordingId').getAll(recordingId),
  );
  const read = await Promise.all(rows.map((row) => fromRow(database, 'markers', row).catch(orDamaged)));
  const markers = read.filter((marker) => marker !== null);
  markers.sort((a, b) => a.atMs - b.atMs || a.id.localeCompare(b.id));
  return { markers, damaged: rows.length - markers.length };
}

/** How many there are, which needs no key. */
export function markerCount(database: Database, recordingId: string): Promise<number> {
  return database.read(['markers'], (tx) => tx.objectStore('markers').index('recordingId').count(recordingId));
}
