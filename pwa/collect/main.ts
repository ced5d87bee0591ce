import './styles/collect.css';
import { chosenLanguage } from './screens/chosen-language';
import { mark, speak } from './words';

/** The words come first, so that no screen is ever seen or loaded without them. */
async function begin(target: HTMLElement): Promise<void> {
  const language = chosenLanguage();
  mark(document.documentElement, language);
  await speak(language);
  const { show } = await import('./show');
  show(target);
}

const target = document.getElementById('app');
if (target) {
  begin(target).catch((reason: unknown) => {
    document.getElementById('not-opened')?.removeAttribute('hidden');
    throw reason;
  });
}
