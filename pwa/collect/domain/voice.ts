/** What a voice of the phone says of itself; a language is BCP 47, which Android writes with a low line. */
export interface Voice {
  lang: string;
  /** It speaks on the phone. Any other would send the words elsewhere, and is silent without a signal. */
  localService: boolean;
}

/** The phone's own voice for a language: for the same country where it has one, else for any. */
export function voiceFor<One extends Voice>(voices: readonly One[], language: string): One | undefined {
  const wanted = plain(language);
  const own = voices.filter(({ localService }) => localService);
  const exact = own.find(({ lang }) => plain(lang) === wanted);
  return exact ?? own.find(({ lang }) => plain(lang).split('-')[0] === wanted.split('-')[0]);
}

function plain(tag: string): string {
  return tag.toLowerCase().replaceAll('_', '-');
}
