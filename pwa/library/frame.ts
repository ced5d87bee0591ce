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
}
