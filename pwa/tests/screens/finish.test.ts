// @vitest-environment happy-dom
import { afterEach, expect, it } from 'vitest';
import { storyViews } from '../../collect/domain/story-views';
import FinishScreen from '../../collect/screens/story/FinishScreen.svelte';
import { holdBack } from '../../collect/store/embargoes';
import type { Database } from '../../collect/store/database';
import { everythingKept } from '../../collect/store/stories';
import { keptStory, newDatabase } from '../makers';
import { clear, show } from './page';

afterEach(clear);

async function finish(database: Database): Promise<string> {
  const [story] = storyViews(await everythingKept(database), []);
  const html = show({}, FinishScreen, { story }).innerHTML;
  clear();
  return html;
}

it('the page that those who told a story look at too is the same once it is held back', async () => {
  const database = await newDatabase();
  const { id } = await keptStory(database);
  const before = await finish(database);
  await holdBack(database, id, { id: 'e', reason: 'She is afraid.', name: 'Ade Bello' });
  expect((await everythingKept(database)).stories[0]?.embargo?.name).toBe('Ade Bello');
  expect(await finish(database)).toBe(before);
  expect(before).toContain(`#/story/${id}/worry`);
  database.close();
});
