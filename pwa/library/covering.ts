// The page on which parts of a photo are covered.
import { Choosing } from './photo/choosing';

const photo = document.querySelector<HTMLElement>('[data-covering]');
const form = document.querySelector<HTMLFormElement>('.covering__form');
if (photo && form) new Choosing(photo, form);
