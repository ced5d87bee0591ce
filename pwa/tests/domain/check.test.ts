import { describe, expect, it } from 'vitest';
import { checked, isWell, minutesLeft } from '../../collect/domain/check';
import type { HearingView } from '../../collect/domain/hearing';
import { promptIn } from '../../collect/domain/project';

const hearing: HearingView = { state: 'listening', level: 0.3, heard: true, problem: null };
const well = { hearing, minutes: 600, persisted: true, battery: { level: 0.8, charging: false } };

describe('the check before a conversation', () => {
  it('counts the minutes of sound that there is room for', () => {
    expect(minutesLeft(1_000_000, 50_000_000)).toBe(100);
    expect(minutesLeft(2, 1)).toBe(0);
    expect(minutesLeft(null, 50)).toBeNull();
  });

  it('says how each thing stands', () => {
    expect(checked(well)).toEqual({ microphone: 'heard', room: 'enough', storage: 'kept', battery: 'enough' });
    const bad = { hearing: { ...hearing, problem: 'microphone_refused' }, minutes: 0, persisted: false, battery: null };
    expect(checked(bad)).toEqual({ microphone: 'problem', room: 'none', storage: 'not_promised', battery: 'unknown' });
  });

  it.each<[string, boolean, Partial<typeof well>]>([
    ['all is well', true, {}],
    ['nothing was heard yet', false, { hearing: { ...hearing, heard: false } }],
    ['there is little room', false, { minutes: 30 }],
    ['the battery is low', false, { battery: { level: 0.1, charging: false } }],
    ['it is low and charging', true, { battery: { level: 0.1, charging: true } }],
    ['the phone does not promise to keep it, which only sending helps', true, { persisted: false }],
  ])('when %s, being remembered for the day is %s', (_case, remembered, change) => {
    expect(isWell(checked({ ...well, ...change }))).toBe(remembered);
  });
});

describe('a prompt', () => {
  const prompt = { id: 'p', text: 'What happened?', texts: { cy: 'Beth ddigwyddodd?' } };

  it('is asked in the chosen language where the project has it', () => {
    expect(promptIn(prompt, 'cy')).toEqual({ text: 'Beth ddigwyddodd?', language: 'cy' });
    expect(promptIn(prompt, 'cy-GB').text).toBe('Beth ddigwyddodd?');
    expect(promptIn(prompt, 'ur')).toEqual({ text: 'What happened?', language: null });
    expect(promptIn({ id: 'p', text: 'What happened?' }, 'cy').language).toBeNull();
  });
});
