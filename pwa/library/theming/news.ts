// What others have put on a story since the page was last told, in a sentence.

/** A theme that one person put on one part. */
export interface Put {
  readonly part: string;
  readonly kind: string;
  readonly theme: string;
  readonly by: string;
}

/** How the page calls whoever looks at it. */
export const ME = 'you';

/** Everything that the page, or a part of it, says was put. */
export function putsIn(root: ParentNode): Put[] {
  return [...root.querySelectorAll<HTMLElement>('[data-themed]')].flatMap((themed) =>
    [...themed.querySelectorAll<HTMLElement>('[data-theme]')].flatMap((entry) =>
      [...entry.querySelectorAll('.themed__by bdi')].map((name) => ({
        part: themed.id.replace('themed-', ''), kind: themed.dataset.themed ?? '', by: name.textContent ?? '',
        theme: entry.querySelector('.theme-tag')?.textContent ?? '',
      }))));
}

/** What others have put since. */
export function newBy(before: readonly Put[], now: readonly Put[]): Put[] {
  const known = new Set(before.map(nameOf));
  return now.filter((put) => put.by !== ME && !known.has(nameOf(put)));
}

/** In a sentence; empty where there is nothing to say. */
export function inWords(news: readonly Put[]): string {
  const [first] = news;
  if (first === undefined) return '';
  const people = [...new Set(news.map(({ by }) => by))];
  const who = people.length > 1 ? `${people.slice(0, -1).join(', ')} and ${people.at(-1)}` : first.by;
  if (news.length > 1) return `${who} put ${news.length} themes on this story.`;
  return `${who} put “${first.theme}” on ${first.kind === 'excerpt' ? 'an' : 'a'} ${first.kind}.`;
}

function nameOf({ part, theme, by }: Put): string {
  return [part, theme, by].join('\n');
}
