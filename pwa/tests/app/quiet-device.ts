import type { Device } from '../../collect/app/device';
import type { StoryDraft } from '../../collect/domain/story';
import type { Database } from '../../collect/store/database';
import type { FakePhone } from '../capture/fakes';
import { agreementBy, jpegOf } from '../makers';

export const draft: StoryDraft = {
  wordingId: 'wording', pseudonym: ' Rose ', place: 'Leeds', agreements: [agreementBy('Rose')], withoutRecording: false,
  conversation: null,
};

/** A device that does nothing by itself: nobody touches it, no newer app comes, and nothing runs after a while. */
export function quietDevice(phone: FakePhone, database: Database, fetch: Device['fetch']): Device {
  return {
    ...phone.parts(database),
    capable: true,
    userAgent: 'a test',
    fetch,
    openImage: () =>
      Promise.resolve({ width: 8, height: 8, toJpeg: () => Promise.resolve(jpegOf('a window').buffer), close: () => undefined }),
    updates: { onReady: () => undefined, apply: () => undefined },
    now: () => Date.now(),
    chance: () => 0,
    after: () => () => undefined,
    onReturn: () => undefined,
    onTouch: () => undefined,
    line: () => 'wifi',
    battery: () => Promise.resolve(null),
    forgetAll: () => undefined,
    persist: () => Promise.resolve(true),
    storage: () => Promise.resolve({ persisted: true, usedBytes: 1, quotaBytes: 2 }),
  };
}
