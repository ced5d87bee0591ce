/** Where somebody is in the app, read from the part of the address after `#`. */
export type Route =
  | { screen: 'home' }
  | { screen: 'projects' }
  | { screen: 'outbox' }
  | { screen: 'language' }
  | { screen: 'lock'; page: LockPage }
  | { screen: 'name' }
  | { screen: 'place' }
  | { screen: 'consent-start' }
  | { screen: 'consent-whose' }
  | { screen: 'consent-how' }
  | { screen: 'consent-check' }
  | { screen: 'unknown' }
  /** `change` is set when the answer is being changed from the summary, which is then where to go next. */
  | { screen: 'consent-question'; number: number; change: boolean }
  | { screen: 'story'; storyId: string; saved: 'photo' | 'quote' | null }
  | { screen: 'quote'; storyId: string }
  | { screen: 'photo'; storyId: string }
  | { screen: 'finish'; storyId: string }
  | { screen: 'receipt'; storyId: string }
  | { screen: 'delete'; storyId: string; partId: string };

/** Pages about the phone's own lock, and leaving. */
export type LockPage = 'unlock' | 'forgotten' | 'change' | 'sign-out' | 'destroy';

/** The addresses that screens link to. */
export const to = {
  home: '#/',
  projects: '#/projects',
  outbox: '#/outbox',
  language: '#/language',
  unlock: '#/unlock',
  forgottenPin: '#/unlock/forgotten',
  changePin: '#/pin',
  signOut: '#/sign-out',
  destroy: '#/delete-everything',
  name: '#/new',
  place: '#/new/place',
  consent: '#/consent',
  question: (number: number) => `#/consent/${number}`,
  changeQuestion: (number: number) => `#/consent/${number}/change`,
  whose: '#/consent/whose',
  how: '#/consent/how',
  check: '#/consent/check',
  story: (id: string) => `#/story/${id}`,
  storyAfter: (id: string, saved: 'photo' | 'quote') => `#/story/${id}/saved-${saved}`,
  quote: (id: string) => `#/story/${id}/quote`,
  photo: (id: string) => `#/story/${id}/photo`,
  finish: (id: string) => `#/story/${id}/finish`,
  receipt: (id: string) => `#/story/${id}/receipt`,
  delete: (id: string, partId: string) => `#/story/${id}/delete/${partId}`,
};

const PLAIN: Record<string, Route> = {
  '': { screen: 'home' },
  projects: { screen: 'projects' },
  outbox: { screen: 'outbox' },
  language: { screen: 'language' },
  unlock: { screen: 'lock', page: 'unlock' },
  'unlock/forgotten': { screen: 'lock', page: 'forgotten' },
  pin: { screen: 'lock', page: 'change' },
  'sign-out': { screen: 'lock', page: 'sign-out' },
  'delete-everything': { screen: 'lock', page: 'destroy' },
  new: { screen: 'name' },
  'new/place': { screen: 'place' },
  consent: { screen: 'consent-start' },
  'consent/whose': { screen: 'consent-whose' },
  'consent/how': { screen: 'consent-how' },
  'consent/check': { screen: 'consent-check' },
};

export function readRoute(hash: string): Route {
  const path = hash.replace(/^#?\/?/, '').replace(/\/$/, '');
  const plain = PLAIN[path];
  if (plain) return plain;
  const [first, second, third, fourth] = path.split('/');
  if (first === 'consent' && second && /^[1-9]$/.test(second)) {
    return { screen: 'consent-question', number: Number(second), change: third === 'change' };
  }
  if (first === 'story' && second) return storyRoute(second, third, fourth);
  return { screen: 'unknown' };
}

function storyRoute(storyId: string, page: string | undefined, partId: string | undefined): Route {
  switch (page) {
    case undefined:
      return { screen: 'story', storyId, saved: null };
    case 'saved-photo':
      return { screen: 'story', storyId, saved: 'photo' };
    case 'saved-quote':
      return { screen: 'story', storyId, saved: 'quote' };
    case 'quote':
    case 'photo':
    case 'finish':
    case 'receipt':
      return { screen: page, storyId } as Route;
    case 'delete':
      return partId ? { screen: 'delete', storyId, partId } : { screen: 'unknown' };
    default:
      return { screen: 'unknown' };
  }
}

/** True for the pages that a recording of this story goes on behind. */
export function staysWithRecording(route: Route, storyId: string): boolean {
  return (
    (route.screen === 'story' || route.screen === 'quote' || route.screen === 'photo') && route.storyId === storyId
  );
}

export function go(address: string): void {
  location.hash = address;
}

/** Goes on without leaving this page behind the back button. */
export function goInstead(address: string): void {
  location.replace(address);
}
