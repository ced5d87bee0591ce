const [rows] = given;
const database = await new Promise((resolve, reject) => {
  const opening = indexedDB.open('earshot', 1);
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => resolve(opening.result);
  opening.onupgradeneeded = () => {
    const db = opening.result;
    for (const name of ['people', 'projects', 'stories']) db.createObjectStore(name, { keyPath: 'id' });
    for (const name of ['consents', 'quotes', 'photos', 'recordings', 'outbox'])
      db.createObjectStore(name, { keyPath: 'id' }).createIndex('storyId', 'storyId');
    opening.transaction.objectStore('recordings').createIndex('state', 'state');
    db.createObjectStore('chunks', { keyPath: ['partId', 'number'] });
  };
});
const writing = database.transaction(Object.keys(rows), 'readwrite');
for (const chunk of rows.chunks) chunk.bytes = Uint8Array.from(atob(chunk.bytes), (letter) => letter.charCodeAt(0)).buffer;
for (const [name, all] of Object.entries(rows)) for (const row of all) writing.objectStore(name).put(row);
await new Promise((resolve, reject) => {
  writing.oncomplete = resolve;
  writing.onabort = () => reject(writing.error);
});
window.heldOpen = database;
