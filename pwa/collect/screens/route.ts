/** Where somebody is in the app, read from the part of the address after `#`. */
export type Route =
  | { screen: 'home' }
  | { screen: 'projects' }
  | { screen: 'outbox' }
  | { screen: 'sending' }
  | { screen: 'this-phone' }
  | { screen: 'language' }
  | { screen: 'ready' }
  | { screen: 'lock'; page: LockPage }
  | { screen: 'start'; page: StartPage }
  | { screen: 'consent-reading' }
  /** Counted from 1; the easy reading has one idea to a screen. */
  | { screen: 'consent-introduction'; number: number }
  | { screen: 'consent-refused' }
  | { screen: 'consent-whose' }
  | { screen: 'consent-helpers' }
  | { screen: 'consent-how' }
  | { screen: 'consent-evidence' }
  | { screen: 'consent-check' }
  | { screen: 'consent-about' }
  | { screen: 'consent-groups' }
  | { screen: 'consent-group' }
  | { screen: 'unknown' }
  /** `change` is set when the answer is being changed from the summary, which is then where to go next. */
  | { screen: 'consent-question'; number: number; change: boolean }
  | { screen: 'story'; storyId: string; saved: 'photo' | 'quote' | null }
  | { screen: 'quote'; storyId: string }
  | { screen: 'photo'; storyId: string }
  | { screen: 'finish'; storyId: string }
  | { screen: 'joining'; storyId: string }
  | { screen: 'worry'; storyId: string }
  /** Everybody who tells a story has one of their own, counted from 1. */
  | { screen: 'receipt'; storyId: string; number: number }
  | { screen: 'take-back'; storyId: string }
  | { screen: 'delete'; storyId: string; partId: string };

/** Pages about the phone's own lock, and leaving. */
export type LockPage = 'unlock' | 'forgotten' | 'change' | 'sign-out' | 'destroy';

/** What is asked before consent: one person or a group, what they are called, and where they are. */
export type StartPage = 'who' | 'group-name' | 'name' | 'place';

/** The addresses that screens link to. */
export const to = {
  home: '#/',
  projects: '#/projects',
  outbox: '#/outbox',
  sending: '#/sending',
  thisPhone: '#/phone',
  language: '#/language',
  ready: '#/ready',
  unlock: '#/unlock',
  forgottenPin: '#/unlock/forgotten',
  changePin: '#/pin',
  signOut: '#/sign-out',
  destroy: '#/delete-everything',
  who: '#/new',
  groupName: '#/new/group',
  name: '#/new/name',
  place: '#/new/place',
  reading: '#/consent/reading',
  introduction: (number: number) => `#/consent/introduction/${number}`,
  question: (number: number) => `#/consent/${number}`,
  changeQuestion: (number: number) => `#/consent/${number}/change`,
  refused: '#/consent/refused',
  whose: '#/consent/whose',
  helpers: '#/consent/helpers',
  how: '#/consent/how',
  evidence: '#/consent/evidence',
  check: '#/consent/check',
  about: '#/consent/about',
  groups: '#/consent/groups',
  group: '#/consent/group',
  story: (id: string) => `#/story/${id}`,
  storyAfter: (id: string, saved: 'photo' | 'quote') => `#/story/${id}/saved-${saved}`,
  quote: (id: string) => `#/story/${id}/quote`,
  photo: (id: string) => `#/story/${id}/photo`,
  finish: (id: string) => `#/story/${id}/finish`,
  joining: (id: string) => `#/story/${id}/joining`,
  worry: (id: string) => `#/story/${id}/worry`,
  receipt: (id: string, number = 1) => `#/story/${id}/receipt/${number}`,
  takeBack: (id: string) => `#/story/${id}/take-back`,
  delete: (id: string, partId: string) => `#/story/${id}/delete/${partId}`,
};

const PLAIN: Record<string, Route> = {
  '': { screen: 'home' },
  projects: { screen: 'projects' },
  outbox: { screen: 'outbox' },
  sending: { screen: 'sending' },
  phone: { screen: 'this-phone' },
  language: { screen: 'language' },
  ready: { screen: 'ready' },
  unlock: { screen: 'lock', page: 'unlock' },
  'unlock/forgotten': { screen: 'lock', page: 'forgotten' },
  pin: { screen: 'lock', page: 'change' },
  'sign-out': { screen: 'lock', page: 'sign-out' },
  'delete-everything': { screen: 'lock', page: 'destroy' },
  new: { screen: 'start', page: 'who' },
  'new/group': { screen: 'start', page: 'group-name' },
  'new/name': { screen: 'start', page: 'name' },
  'new/place': { screen: 'start', page: 'place' },
  'consent/reading': { screen: 'consent-reading' },
  'consent/refused': { screen: 'consent-refused' },
  'consent/whose': { screen: 'consent-whose' },
  'consent/helpers': { screen: 'consent-helpers' },
  'consent/how': { screen: 'consent-how' },
  'consent/evidence': { screen: 'consent-evidence' },
  'consent/check': { screen: 'consent-check' },
  'consent/about': { screen: 'consent-about' },
  'consent/groups': { screen: 'consent-groups' },
  'consent/group': { screen: 'consent-group' },
};

export function readRoute(hash: string): Route {
  const path = hash.replace(/^#?\/?/, '').replace(/\/$/, '');
  const plain = PLAIN[path];
  if (plain) return plain;
  const [first, second, third, fourth] = path.split('/');
  if (first === 'consent' && isNumber(second)) {
    return { screen: 'consent-question', number: Number(second), change: third === 'change' };
  }
  if (path.startsWith('consent/introduction/') && isNumber(third))
    return { screen: 'consent-introduction', number: Number(third) };
  if (first === 'story' && second) return storyRoute(second, third, fourth);
  return { screen: 'unknown' };
}

/** From 1 to 99, as pages and people are counted. */
function isNumber(text: string | undefined): boolean {
  return /^[1-9]\d?$/.test(text ?? '');
}

function storyRoute(storyId: string, page: string | undefined, last: string | undefined): Route {
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
    case 'joining':
    case 'worry':
    case 'take-back':
      return { screen: page, storyId } as Route;
    case 'receipt':
      return { screen: 'receipt', storyId, number: isNumber(last) ? Number(last) : 1 };
    case 'delete':
      return last ? { screen: 'delete', storyId, partId: last } : { screen: 'unknown' };
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
