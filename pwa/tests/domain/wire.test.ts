import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { ConsentRecord } from '../../collect/domain/consent';
import type { Quote, Story } from '../../collect/domain/story';
import { consentBody, quoteBody, storyBody } from '../../collect/domain/wire';
import { withdrawalBody } from '../../collect/domain/withdrawal';

const file = new URL('../../../tests/contract/phone_bodies.json', import.meta.url);
const expected = JSON.parse(readFileSync(file, 'utf-8')) as Record<string, unknown>;

const storyId = '01a1ffdd-dbda-7e81-99fc-92c6c5f21f68';
const projectId = '01a1ffdd-0000-7000-8000-000000000001';
const at = '2026-11-21T20:48:12.468+00:00';

it('a consent is written as the contract has it', () => {
  const consent: ConsentRecord = {
    id: '01a1ffdd-dbf1-7d4a-8ac9-d783c8826f46', projectId, storyId, wordingId: '01a1ffdd-0000-7000-8000-000000000002',
    answers: { record: true, transcribe: true, commissioners: true, board: false, publication: false, photos: true },
    how: 'spoken', forWhom: 'self', givenAt: at,
  };
  expect(JSON.parse(consentBody(consent))).toEqual(expected.consent);
});

it('a story is written as the contract has it', () => {
  const story: Story = {
    id: storyId, projectId, personId: 'stays on the phone', conversationId: '01a1ffdd-0000-7000-8000-000000000003',
    pseudonym: 'Rose', place: 'Leeds', toldAt: at, receiptCode: '0123456789ABCDEFGHJKMNPQRS',
  };
  expect(JSON.parse(storyBody(story))).toEqual(expected.story);
});

it('a story that is held back is written as the contract has it, and without the name that is only shown here', () => {
  const story: Story = {
    id: '01a1ffdd-dbda-7e81-99fc-92c6c5f21f6a', projectId, personId: 'stays on the phone',
    conversationId: '01a1ffdd-0000-7000-8000-000000000008', pseudonym: 'Rose', place: 'Leeds', toldAt: at,
    receiptCode: '0123456789ABCDEFGHJKMNPQRT',
    embargo: {
      id: '01a1ffdd-0000-7000-8000-000000000009', reason: 'She is afraid to go home.',
      namedId: '01a1ffdd-0000-7000-8000-00000000000a', name: 'Ade Bello',
    },
  };
  expect(JSON.parse(storyBody(story))).toEqual(expected.story_held_back);
});

it('a quote is written as the contract has it', () => {
  const quote: Quote = { id: '01a1ffdd-0000-7000-8000-000000000004', storyId, text: 'So “cold”', writtenAt: at, position: 3 };
  expect(JSON.parse(quoteBody(quote))).toEqual(expected.quote);
});

const groupId = '01a1ffdd-dbda-7e81-99fc-92c6c5f21f69';
const roseId = '01a1ffdd-0000-7000-8000-000000000005';
const samId = '01a1ffdd-0000-7000-8000-000000000008';

it('the consent of a child in a group, with what shows it, is written as the contract has it', () => {
  const consent: ConsentRecord = {
    id: '01a1ffdd-dbf1-7d4a-8ac9-d783c8826f47', projectId, storyId: groupId,
    wordingId: '01a1ffdd-0000-7000-8000-000000000002',
    answers: { record: true, transcribe: true, commissioners: true, board: true, publication: false, photos: false },
    how: 'signed', forWhom: 'child', givenAt: at, participantId: roseId,
    wordingSha256: '1f9f2a1e4d0f5a3f5f0f2d2c8f9d7a3c2b1a0f9e8d7c6b5a4938271605f4e3d2', language: 'ur', reading: 'easy',
    agreedBy: 'mother', interpreter: 'Sana from the language service', witness: 'the ward sister',
    evidence: {
      id: '01a1ffdd-0000-7000-8000-000000000006', kind: 'signature',
      sha256: '0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0',
    },
  };
  expect(JSON.parse(consentBody(consent))).toEqual(expected.consent_of_a_child_in_a_group);
});

it('the story of a group is written as the contract has it', () => {
  const story: Story = {
    id: groupId, projectId, personId: 'stays on the phone', conversationId: '01a1ffdd-0000-7000-8000-000000000007',
    pseudonym: 'Tuesday carers', place: 'Leeds', toldAt: at, startedAt: '2026-11-21T20:40:00.000+00:00',
    receiptCode: '0123456789ABCDEFGHJKMNPQRT', withoutRecording: true,
    participants: [
      { id: roseId, pseudonym: 'Rose', receiptCode: '0123456789ABCDEFGHJKMNPQRT' },
      { id: samId, pseudonym: 'Sam', receiptCode: '0123456789ABCDEFGHJKMNPQRV' },
    ],
  };
  expect(JSON.parse(storyBody(story))).toEqual(expected.story_of_a_group);
});

it('what somebody says of themselves is written as the contract has it, and nothing where they say nothing', () => {
  const said = {
    ownWords: 'A deaf gran of five “terrors” 🌧',
    groups: ['0190b3a2-0000-7000-8000-000000000061', '0190b3a2-0000-7000-8000-000000000062'],
  };
  const rose = { id: '01a1ffdd-0000-7000-8000-00000000000c', pseudonym: 'Rose', receiptCode: '0123456789ABCDEFGHJKMNPQRW' };
  const story: Story = {
    id: '01a1ffdd-dbda-7e81-99fc-92c6c5f21f6b', projectId, personId: 'stays on the phone',
    conversationId: '01a1ffdd-0000-7000-8000-00000000000b', pseudonym: 'Rose', place: 'Leeds', toldAt: at,
    receiptCode: rose.receiptCode, participants: [{ ...rose, said }],
  };
  expect(JSON.parse(storyBody(story))).toEqual(expected.story_of_somebody_who_says_who_they_are);
  const silent = JSON.parse(storyBody({ ...story, participants: [rose] })) as { participants: object[] };
  expect(Object.keys(silent.participants[0]!)).toEqual(['id', 'pseudonym', 'receipt_code']);
});

it('a quote of one in a group is written as the contract has it', () => {
  const quote: Quote = {
    id: '01a1ffdd-0000-7000-8000-000000000009', storyId: groupId, text: 'Nobody rang us', writtenAt: at, position: 1,
    participantId: samId,
  };
  expect(JSON.parse(quoteBody(quote))).toEqual(expected.quote_of_one_in_a_group);
});

it('a withdrawal is written as the contract has it, also of a story whose codes an earlier app kept sealed', () => {
  const { receipt_code_hashes: receiptHashes } = expected.withdrawal_by_a_group as { receipt_code_hashes: string[] };
  const group = withdrawalBody({
    id: '01a1ffdd-0000-7000-8000-000000000016', projectId, storyId: groupId, reason: ' One of them moved away ',
    withdrawnAt: at, receiptHashes,
  });
  expect(JSON.parse(group)).toEqual(expected.withdrawal_by_a_group);
  const earlier = withdrawalBody({ id: roseId, projectId, storyId, reason: '', withdrawnAt: at });
  expect(JSON.parse(earlier)).toEqual(expected.withdrawal);
});
