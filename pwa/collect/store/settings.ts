import { USUAL_SENDING, type SendingChoice } from '../domain/line';
import type { Database } from './database';

export async function sendingChoice(database: Database): Promise<SendingChoice> {
  const row = await database.read(['settings'], (tx) => tx.objectStore('settings').get('sending'));
  return row?.id === 'sending' ? { wifiOnly: row.wifiOnly } : USUAL_SENDING;
}

export async function keepSendingChoice(database: Database, choice: SendingChoice): Promise<void> {
  await database.write(['settings'], (tx) => tx.objectStore('settings').put({ id: 'sending', ...choice }));
  database.changed();
}
