// Pages that show excerpts on their own: each with its words in step with its sound.
import { tellWhenWhole } from './heard/whole';
import { followClips } from './sound/clip';
import { keepToOneVoice } from './sound/one-voice';

followClips(document);
keepToOneVoice();

const form = document.querySelector<HTMLFormElement>('form[data-when-heard]');
const sound = document.querySelector<HTMLAudioElement>('[data-clip] audio');
if (form && sound) tellWhenWhole(form, sound);
