// A computer's English under what was said: shown and hidden without loading the page again.

/** Makes a button of the link that shows or hides it. */
export function offerEnglish(section: HTMLElement): void {
  const link = section.querySelector<HTMLAnchorElement>('[data-english-switch]');
  const passages = section.querySelectorAll<HTMLElement>('[data-english]');
  if (link === null) return;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'plain-button';
  let shown = [...passages].some((passage) => !passage.hidden);
  const show = (): void => {
    for (const passage of passages) passage.hidden = !shown;
    button.textContent = `${shown ? 'Hide' : 'Show'} a computer’s English`;
  };
  button.addEventListener('click', () => {
    shown = !shown;
    show();
  });
  show();
  link.replaceWith(button);
}
