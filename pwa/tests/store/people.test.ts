import { expect, it } from 'vitest';
import { forgetPerson, keepPerson, keptPeople, keptPerson } from '../../collect/store/projects';
import { keptStory, newDatabase } from '../makers';

const amina = { id: 'person', name: 'Amina', seenAt: 'now' };
const bo = { id: 'somebody else', name: 'Bo', seenAt: 'later' };

it('who has signed out stays known by name while something here is theirs, and no longer', async () => {
  const database = await newDatabase();
  await keptStory(database, amina.id);
  await keepPerson(database, amina);
  await forgetPerson(database);
  expect(await keptPerson(database)).toBeNull();
  await keepPerson(database, bo);
  expect(await keptPerson(database)).toEqual(bo);
  expect((await keptPeople(database)).map(({ name }) => name).sort()).toEqual(['Amina', 'Bo']);
  await keepPerson(database, amina);
  expect(await keptPeople(database)).toEqual([amina]);
});
