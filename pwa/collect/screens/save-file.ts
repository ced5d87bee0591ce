interface Picker {
  showSaveFilePicker?: (options: object) => Promise<{ createWritable: () => Promise<FileSystemWritableFileStream> }>;
}

const TYPES = [{ description: 'Earshot', accept: { 'application/octet-stream': ['.earshot'] } }];

/**
 * Hands a file over piece by piece: to a place that somebody chooses where the browser can, so that it is never whole
 * in memory, and to the downloads otherwise. False when nobody chose a place. Throws what making it throws.
 */
export async function saveFile(pieces: AsyncGenerator<Uint8Array<ArrayBuffer>>, name: string): Promise<boolean> {
  // What cannot be made is found out before anybody is asked for a place.
  const first = await pieces.next();
  if (first.done) return false;
  const { showSaveFilePicker } = window as Picker;
  if (!showSaveFilePicker) return download(first.value, pieces, name);
  const place = await showSaveFilePicker({ suggestedName: name, types: TYPES }).catch(noPlace);
  // A browser asks only for a few seconds after a tap, and looking hours of sound through may take longer.
  if (place === 'not_asked') return download(first.value, pieces, name);
  if (!place) {
    await pieces.return(undefined);
    return false;
  }
  const file = await place.createWritable();
  try {
    await file.write(first.value);
    for await (const piece of pieces) await file.write(piece);
    await file.close();
  } catch (error) {
    await file.abort();
    throw error;
  }
  return true;
}

function noPlace(error: unknown): 'not_asked' | null {
  return error instanceof DOMException && error.name === 'SecurityError' ? 'not_asked' : null;
}

/** Blobs of pieces may be kept on disk by the browser, so that not even here it need be in memory at once. */
async function download(
  first: Uint8Array<ArrayBuffer>,
  pieces: AsyncGenerator<Uint8Array<ArrayBuffer>>,
  name: string,
): Promise<boolean> {
  const parts = [new Blob([first])];
  for await (const piece of pieces) parts.push(new Blob([piece]));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(parts, { type: 'application/octet-stream' }));
  link.download = name;
  link.click();
  // The browser reads the bytes after this returns.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return true;
}
