import { DetailedError, Upload } from 'tus-js-client';
import { later, readProblem, type Answer } from '../domain/answer';
import { Refusal, type Code } from '../domain/codes';
import type { FileRows } from '../store/file-rows';
import { FetchStack } from './fetch-stack';
import type { Fetch } from './network';

export const PIECE_BYTES = 1024 * 1024;

/** What sending asks of whoever started it. */
export interface Watching {
  /** After each piece that the server says it holds. */
  onProgress: (sentBytes: number) => void;
  /** Why the rest should wait, as when the phone has left its Wi-Fi; null while it may go on. */
  waitsFor: () => Code | null;
  /** Ends it in the middle, whatever the server does, and nothing of it stays in memory. */
  stop: AbortSignal;
}

/**
 * Sends what the server does not have yet of a file whose upload was announced at `url`.
 * Resolves to null when the server has it all, or to the answer that stood in the way.
 *
 * tus-js-client gets `uploadUrl` only: with `endpoint` it would answer one failed HEAD with a second
 * upload and forget the first.
 */
export function sendFile(
  fetch: Fetch,
  url: string,
  file: FileRows,
  headers: Record<string, string>,
  { onProgress, waitsFor, stop }: Watching,
): Promise<Answer | null> {
  let unread: unknown = null;
  const source = { size: file.size, slice: (start: number, end: number) => piece(file, start, end), close() {} };
  const reader = { openFile: () => Promise.resolve({ ...source, slice: noting(source.slice, (error) => (unread = error)) }) };
  return new Promise((resolve) => {
    const end = (answer: Answer): void => {
      void upload.abort();
      resolve(answer);
    };
    // It sees the file through `fileReader` alone.
    const upload = new Upload(new Blob(), {
      uploadUrl: url,
      fileReader: reader,
      chunkSize: PIECE_BYTES,
      headers,
      retryDelays: null,
      storeFingerprintForResuming: false,
      httpStack: new FetchStack(fetch),
      onChunkComplete(_size, accepted) {
        onProgress(accepted);
        const reason = accepted === file.size ? null : waitsFor();
        if (reason !== null) end(later(reason, null));
      },
      onSuccess: () => resolve(null),
      onError: (error) => resolve(unread === null ? answerOf(error) : answerOfPhone(unread)),
    });
    stop.addEventListener('abort', () => end(later('unreachable', null)));
    if (!stop.aborted) upload.start();
    else end(later('unreachable', null));
  });
}

type Slice = (start: number, end: number) => Promise<{ value: Blob; done: boolean }>;

async function piece(file: FileRows, start: number, end: number): Promise<{ value: Blob; done: boolean }> {
  const last = Math.min(end, file.size);
  return { value: await file.slice(start, last), done: last === file.size };
}

function noting(slice: Slice, note: (error: unknown) => void): Slice {
  return (start, end) =>
    slice(start, end).catch((error: unknown) => {
      note(error);
      throw error;
    });
}

/** What of this phone stood in the way: a row that is damaged, locked, or gone with its story. */
function answerOfPhone(error: unknown): Answer {
  const code = error instanceof Refusal ? error.code : 'not_saved';
  return code === 'damaged_on_phone' ? { kind: 'refused', code, message: null } : later(code, null);
}

function answerOf(error: Error | DetailedError): Answer {
  const response = 'originalResponse' in error ? error.originalResponse : null;
  if (!response) return later('unreachable', null);
  const status = response.getStatus();
  // An answer to HEAD has no body to say more.
  if (status === 401) return { kind: 'signed_out' };
  const answer = readProblem({ status, body: parsed(response.getBody()) });
  // Another offset, an upload that was cleared away, an earlier request still open: announce and look again.
  if (answer.kind === 'refused' && (status === 404 || status === 409))
    return later(answer.code, answer.message);
  return answer;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
