// What every page does better with a script: errors get the focus, passwords can be shown, forms go once.
import { Button, createAll, ErrorSummary, NotificationBanner, PasswordInput } from 'nhsuk-frontend';

document.body.classList.add('js-enabled', 'nhsuk-frontend-supported');

for (const component of [Button, ErrorSummary, NotificationBanner, PasswordInput]) {
  createAll(component);
}

for (const field of document.querySelectorAll<HTMLInputElement>('input[data-copy]')) {
  field.addEventListener('focus', () => field.select());
}
