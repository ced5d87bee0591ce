import type { ConsentRecord } from './consent';
import type { Quote, Story } from './story';

/**
 * The exact JSON sent for each kind. It is written once and kept: the same id must always carry the
 * same bytes, or the server would take it for another thing with a stolen name.
 */
export function consentBody(consent: ConsentRecord): string {
  return JSON.stringify({
    id: consent.id,
    project_id: consent.projectId,
    story_id: consent.storyId,
    wording_id: consent.wordingId,
    answers: consent.answers,
    how: consent.how,
    for_whom: consent.forWhom,
    given_at: consent.givenAt,
    // JSON leaves out what is undefined.
    participant_id: consent.participantId,
    wording_sha256: consent.wordingSha256,
    language: consent.language,
    reading: consent.reading,
    agreed_by: consent.agreedBy || undefined,
    interpreter: consent.interpreter || undefined,
    witness: consent.witness || undefined,
    evidence: evidenceFields(consent.evidence),
  });
}

export function storyBody(story: Story): string {
  return JSON.stringify({
    id: story.id,
    project_id: story.projectId,
    conversation: { id: story.conversationId, started_at: story.startedAt ?? story.toldAt, place: story.place },
    pseudonym: story.pseudonym,
    told_at: story.toldAt,
    place: story.place,
    receipt_code: story.receiptCode,
    participants: story.participants?.map(({ id, pseudonym, receiptCode, said }) => ({
      id,
      pseudonym,
      receipt_code: receiptCode,
      own_words: said?.ownWords || undefined,
      groups: said?.groups.length ? said.groups : undefined,
    })),
    embargo: story.embargo && { id: story.embargo.id, reason: story.embargo.reason, named_id: story.embargo.namedId },
  });
}

export function quoteBody(quote: Quote): string {
  return JSON.stringify({
    id: quote.id,
    story_id: quote.storyId,
    text: quote.text,
    written_at: quote.writtenAt,
    participant_id: quote.participantId,
  });
}

function evidenceFields(evidence: ConsentRecord['evidence']): object | undefined {
  return evidence ? { id: evidence.id, kind: evidence.kind, sha256: evidence.sha256 } : undefined;
}
