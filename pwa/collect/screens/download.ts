const ENDINGS: Record<string, string> = { webm: 'webm', mp4: 'm4a', ogg: 'ogg', jpeg: 'jpg' };

/** Hands bytes to the phone's own downloads, named after what they are. */
export function download(bytes: Blob, name: string): void {
  const kind = /^\w+\/(\w+)/.exec(bytes.type)?.[1] ?? '';
  const link = document.createElement('a');
  link.href = URL.createObjectURL(bytes);
  link.download = `${name}.${ENDINGS[kind] ?? 'bin'}`;
  link.click();
  // The browser reads the bytes after this returns.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
