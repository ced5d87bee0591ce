import { closestLanguage, isLanguage, type Language } from '../domain/language';
import { to } from './route';

const KEY = 'earshot.language';

/** The language chosen on this phone, or the nearest to what the browser asks for while none was. */
export function chosenLanguage(): Language {
  try {
    const chosen = localStorage.getItem(KEY);
    if (isLanguage(chosen)) return chosen;
  } catch {
    // A browser that keeps nothing still opens, in a language that was guessed.
  }
  return closestLanguage(navigator.languages);
}

/** Keeps the choice and opens the app again in it. Never call this during a recording: the page goes away. */
export function chooseLanguage(language: Language): void {
  localStorage.setItem(KEY, language);
  location.replace(to.home);
  location.reload();
}
