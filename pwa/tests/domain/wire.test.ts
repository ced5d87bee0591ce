import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { ConsentRecord } from '../../collect/domain/consent';
import type { Quote, Story } from '../../collect/domain/story';
import { consentBody, quoteBody, storyBody } from '../../collect/domain/wire';

const file = new URL('../../../tests/contract/phone_bodies.json', import.meta.url);
const expected = JSON.parse(readFileSync(file, 'utf-8')) as Record<'consent' | 'story' | 'quote', unknown>;

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

it('a quote is written as the contract has it', () => {
  const quote: Quote = { id: '01a1ffdd-0000-7000-8000-000000000004', storyId, text: 'So “cold”', writtenAt: at, position: 3 };
  expect(JSON.parse(quoteBody(quote))).toEqual(expected.quote);
});
