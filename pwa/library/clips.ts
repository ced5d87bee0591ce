// Pages that show excerpts on their own: each with its words in step with its sound.
import { followClips } from './sound/clip';
import { keepToOneVoice } from './sound/one-voice';

followClips(document);
keepToOneVoice();
