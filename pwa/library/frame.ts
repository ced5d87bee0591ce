// What every page does better with a script: errors get the focus, passwords can be shown, forms go once.
import { Button, createAll, ErrorSummary, NotificationBanner, PasswordInput } from 'nhsuk-frontend';

document.body.classList.add('js-enabled', 'nhsuk-frontend-supported');

// Somebody who comes back to the thing they changed stays with it: the notice above is said, but takes no focus.
const place = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
if (place) {
  for (const notice of document.querySelectorAll<HTMLElement>('.nhsuk-notification-banner')) {
    notice.dataset.disableAutoFocus = 'true';
  }
}

for (const component of [Button, ErrorSummary, NotificationBanner, PasswordInput]) {
  createAll(component);
}

for (const field of document.querySelectorAll<HTMLInputElement>('input[data-copy]')) {
  field.addEventListener('focus', () => field.select());
  // Browsers let a page copy only where the connection is safe.
  if (window.isSecureContext) field.after(copyButton(field));
}

function copyButton(field: HTMLInputElement): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'nhsuk-button nhsuk-button--secondary nhsuk-button--small copy-button';
  button.textContent = 'Copy';
  button.addEventListener('click', async () => {
    const done = await navigator.clipboard.writeText(field.value).then(() => true, () => false);
    button.textContent = done ? 'Copied' : 'Copy it by hand';
  });
  return button;
}
