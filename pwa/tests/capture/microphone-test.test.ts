import { expect, it } from 'vitest';
import { MicrophoneTest } from '../../collect/capture/microphone-test';
import { newDatabase } from '../makers';
import { FakePhone } from './fakes';

it('a microphone that hears something is said to, and is let go of', async () => {
  const phone = new FakePhone();
  const check = new MicrophoneTest(phone.parts(await newDatabase()));
  await check.start();
  phone.ticks(3);
  expect(check.view.get()).toMatchObject({ state: 'listening', heard: false });
  phone.microphone.hears = 0.5;
  phone.ticks(1);
  phone.microphone.hears = 0;
  phone.ticks(1);
  expect(check.view.get()).toMatchObject({ heard: true, level: 0 });
  check.close();
  expect([check.view.get().state, phone.microphone.closed]).toEqual(['idle', 1]);
});

it('a refused microphone is said, and may be tried again (fault 7)', async () => {
  const phone = new FakePhone();
  const check = new MicrophoneTest(phone.parts(await newDatabase()));
  phone.microphone.refusal = 'microphone_refused';
  await check.start();
  expect(check.view.get()).toMatchObject({ state: 'idle', problem: 'microphone_refused' });
  phone.microphone.refusal = null;
  await check.start();
  expect(check.view.get()).toMatchObject({ state: 'listening', problem: null });
});

it('one that is allowed only after somebody has gone on is let go of at once', async () => {
  const phone = new FakePhone();
  const check = new MicrophoneTest(phone.parts(await newDatabase()));
  const starting = check.start();
  check.close();
  await starting;
  expect([check.view.get().state, phone.microphone.closed]).toEqual(['idle', 1]);
});
