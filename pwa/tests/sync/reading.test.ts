import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isComplete, projectsAfter, type ToldProject } from '../../collect/domain/feed';
import { readPage } from '../../collect/sync/reading';

/** The server's own tests hold its answers against the same file. */
const file = new URL('../../../tests/contract/changes.json', import.meta.url);
const page = readPage(JSON.parse(readFileSync(file, 'utf-8')))!;

it('the phone reads every kind of change that the server tells and it has a use for', () => {
  expect(new Set(page.changes.map(({ kind }) => kind))).toEqual(
    new Set(['project', 'guide', 'codebook', 'wording', 'receipt', 'tombstone', 'membership']),
  );
  expect(page.more).toBe(false);
  expect(page.next).toBeGreaterThan(0);
});

it('what the server tells of a project is all that is needed to collect for it', () => {
  const told = page.changes.filter(({ kind }) => kind !== 'membership');
  const projects = told.reduce<readonly ToldProject[]>(projectsAfter, []);
  expect(projects.filter(isComplete)).toHaveLength(1);
  const [project] = projects;
  expect(project?.wording?.uses).toHaveLength(6);
  expect(project?.wording?.months).toBe(24);
  expect(project?.groups?.map(({ name }) => name)).toEqual(['Young carers', 'People who are deaf']);
  expect(project?.mayBeNamed).toEqual([{ id: '0190b3a2-0000-7000-8000-000000000077', name: 'Ade Bello' }]);
  expect(project?.prompts.length).toBeGreaterThan(0);
  expect(project?.places.length).toBeGreaterThan(0);
});

it('a wording of an older server says of no end, and so does one of which nobody knows what it says', () => {
  for (const months of [undefined, null, '24']) {
    const change = { kind: 'wording', id: 'p', project_id: 'p', wording: { id: 'w', version: 1, uses: [], months } };
    expect(readPage({ changes: [change], next: 1 })?.changes).toMatchObject([{ wording: { months: null } }]);
  }
});
