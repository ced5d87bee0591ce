export const LONGEST_REASON = 500;

/** A story that its participant took back on the phone. */
export interface Withdrawal {
  id: string;
  projectId: string;
  storyId: string;
  /** At most `LONGEST_REASON` characters; may be empty. */
  reason: string;
  /** ISO 8601 with offset. */
  withdrawnAt: string;
  /** SHA-256 of each receipt code of those who told it, in hex; left out where an earlier app kept the story. */
  receiptHashes?: string[];
}

/** The exact JSON sent, as `wire.ts` writes it for everything else. */
export function withdrawalBody({ id, projectId, storyId, reason, withdrawnAt, receiptHashes }: Withdrawal): string {
  return JSON.stringify({
    id,
    project_id: projectId,
    story_id: storyId,
    reason: [...reason.trim()].slice(0, LONGEST_REASON).join(''),
    withdrawn_at: withdrawnAt,
    receipt_code_hashes: receiptHashes,
  });
}
