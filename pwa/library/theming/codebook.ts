// A project's themes as the page has them, and which of them somebody means who types a few letters.

export interface Theme {
  readonly id: string;
  readonly name: string;
  /** The names of the themes that it stands under, from the top. */
  readonly above: readonly string[];
  readonly colour: string;
}

/** How many are offered at once. */
export const MOST = 8;
/** How many keys there are, from 1. */
export const KEYS = 9;

/** Without case and accents, so that "elan" finds "Élan". */
export function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase().trim().replace(/\s+/g, ' ');
}

/** The themes that have all the typed words in their names or above them; names that begin with the first come first. */
export function matching(themes: readonly Theme[], typed: string): Theme[] {
  const wanted = folded(typed);
  const words = wanted.split(' ');
  const found = themes.flatMap((theme, place) => {
    const name = folded(theme.name);
    const whole = [...theme.above.map(folded), name].join(' ');
    if (!words.every((word) => whole.includes(word))) return [];
    return [{ theme, place, rank: rankOf(name, wanted) }];
  });
  return found.sort((one, other) => one.rank - other.rank || one.place - other.place).map(({ theme }) => theme).slice(0, MOST);
}

/** Whether a theme of this name is there already. */
export function named(themes: readonly Theme[], typed: string): Theme | undefined {
  const wanted = typed.trim().replace(/\s+/g, ' ').toLocaleLowerCase();
  return themes.find(({ name }) => name.toLocaleLowerCase() === wanted);
}

/** Which themes the keys 1 to 9 put: those used last, then as many others as there is room for. */
export function onKeys(recent: readonly string[], themes: readonly Theme[]): string[] {
  const known = new Set(themes.map(({ id }) => id));
  return [...new Set([...recent.filter((id) => known.has(id)), ...known])].slice(0, KEYS);
}

/**
 * The keys after a theme was used: each stays where the fingers know it. One that has no key gets a free one, or that of
 * the theme that was used longest ago; `used` are those that were used, the last one last.
 */
export function keysAfter(keys: readonly string[], used: readonly string[], id: string): string[] {
  if (keys.includes(id)) return [...keys];
  if (keys.length < KEYS) return [...keys, id];
  const oldest = keys.reduce((least, key) => (used.lastIndexOf(key) <= used.lastIndexOf(least) ? key : least));
  return keys.map((key) => (key === oldest ? id : key));
}

function rankOf(name: string, wanted: string): number {
  if (name.startsWith(wanted)) return 0;
  return name.split(' ').some((word) => word.startsWith(wanted)) ? 1 : 2;
}
