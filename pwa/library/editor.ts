// The page on which the words of a recording are corrected.
import { Editor } from './editing/editor';
import { keepToOneVoice } from './sound/one-voice';

for (const root of document.querySelectorAll<HTMLElement>('[data-editor]')) new Editor(root);

keepToOneVoice();
