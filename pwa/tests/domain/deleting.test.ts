import { describe, expect, it } from 'vitest';
import { whyNotDeleted } from '../../collect/domain/deleting';
import { entry } from './entries';

const refused = (code: string) => ({ state: 'refused' as const, code, triedAt: 1, attempts: 1, sentBytes: 5 });

describe('a part can be deleted', () => {
  it('while it was never tried', () => {
    expect(whyNotDeleted([entry('quote', 's')])).toBeNull();
    expect(whyNotDeleted([])).toBeNull();
  });

  it.each(['use_refused', 'too_large', 'image_damaged', 'hash_mismatch'])(
    'once the server has looked at it and said %s, which proves that it keeps nothing of it', (code) => {
      expect(whyNotDeleted([entry('photo', 's', refused(code))])).toBeNull();
    },
  );

  it('once it was found damaged here, and the server to have none of it', () => {
    const damaged = entry('segment', 's', { ...refused('damaged_on_phone'), triedAt: undefined, sentBytes: 0 });
    expect(whyNotDeleted([entry('manifest', 's', { state: 'stored' }), damaged])).toBeNull();
  });

  it('with a manifest that is there, when every file it names was refused', () => {
    const manifest = entry('manifest', 's', { state: 'stored' });
    const damaged = entry('segment', 's', refused('audio_damaged'));
    expect(whyNotDeleted([manifest, damaged])).toBeNull();
    expect(whyNotDeleted([manifest, damaged, entry('segment', 's', { position: 1 })])).toBe('already_sent');
  });
});

describe('a part cannot be deleted', () => {
  it('once it is there', () => {
    expect(whyNotDeleted([entry('quote', 's', { state: 'stored', triedAt: 1 })])).toBe('already_sent');
  });

  it.each(['same_id_other_content', 'not_found', 'withdrawn', 'damaged_on_phone', 'a code of tomorrow'])(
    'while nobody knows whether it is there, as after %s', (code) => {
      expect(whyNotDeleted([entry('quote', 's', refused(code))])).toBe('may_be_sent');
    },
  );

  it('while it is on its way, or was tried and no answer came', () => {
    expect(whyNotDeleted([entry('quote', 's', { state: 'sending' })])).toBe('may_be_sent');
    expect(whyNotDeleted([entry('quote', 's', { triedAt: 1, code: 'unreachable' })])).toBe('may_be_sent');
  });

  it('once it was refused and is to be tried again', () => {
    expect(whyNotDeleted([entry('quote', 's', { ...refused('use_refused'), state: 'waiting', code: null })])).toBe('may_be_sent');
  });
});
