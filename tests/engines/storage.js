// What lies in the app's database: how many rows each store holds, and which hold a Blob, which WebKit loses.
const database = await new Promise((resolve, reject) => {
  const opening = indexedDB.open('earshot');
  opening.onsuccess = () => resolve(opening.result);
  opening.onerror = () => reject(opening.error);
});
const blobs = (value) =>
  value instanceof Blob ||
  (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && Object.values(value).some(blobs));
const found = { version: database.version, rows: {}, blobs: [] };
for (const name of database.objectStoreNames) {
  const asked = database.transaction(name).objectStore(name).getAll();
  const rows = await new Promise((resolve) => (asked.onsuccess = () => resolve(asked.result)));
  found.rows[name] = rows.length;
  if (rows.some(blobs)) found.blobs.push(name);
}
database.close();
return found;
