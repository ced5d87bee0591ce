import { DetailedError, Upload } from 'tus-js-client';
import { later, readProblem, type Answer } from '../domain/answer';
import { FetchStack } from './fetch-stack';
import type { Fetch } from './network';

export const PIECE_BYTES = 1024 * 1024;

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
  file: Blob,
  headers: Record<string, string>,
  onProgress: (sentBytes: number) => void,
): Promise<Answer | null> {
  return new Promise((resolve) => {
    const upload = new Upload(file, {
      uploadUrl: url,
      chunkSize: PIECE_BYTES,
      headers,
      retryDelays: null,
      storeFingerprintForResuming: false,
      httpStack: new FetchStack(fetch),
      onChunkComplete: (_size, accepted) => onProgress(accepted),
      onSuccess: () => resolve(null),
      onError: (error) => resolve(answerOf(error)),
    });
    upload.start();
  });
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
