import { describe, expect, it } from 'vitest';
import { StatementRecorder } from '../../collect/capture/statement';
import { eventually } from '../eventually';
import { newDatabase } from '../makers';
import { FakePhone } from './fakes';

async function begun(): Promise<{ phone: FakePhone; statement: StatementRecorder }> {
  const phone = new FakePhone();
  const statement = new StatementRecorder(phone.parts(await newDatabase()));
  await statement.start();
  return { phone, statement };
}

describe('a spoken statement', () => {
  it('can be heard before anybody keeps it', async () => {
    const { phone, statement } = await begun();
    phone.ticks(30);
    phone.microphone.sound!.say(100);
    const said = await statement.stop();
    expect(said?.size).toBe(100);
    expect(statement.view.get()).toMatchObject({ state: 'done', milliseconds: 3_000 });
  });

  it('ends by itself after a minute', async () => {
    const { phone, statement } = await begun();
    phone.microphone.sound!.say(100);
    phone.ticks(601);
    await eventually(() => expect(statement.view.get().state).toBe('done'));
    expect((await statement.stop())?.size).toBe(100);
  });

  it('is done only once its last piece has come, however often somebody asks for it', async () => {
    const { phone, statement } = await begun();
    phone.microphone.sound!.say(100);
    phone.microphone.sound!.last = new Blob([new Uint8Array(50)]);
    const heard: (number | undefined)[] = [];
    statement.view.subscribe(({ state }) => {
      if (state === 'done') void statement.stop().then((said) => heard.push(said?.size));
    });
    const [first, again] = await Promise.all([statement.stop(), statement.stop()]);
    await eventually(() => expect(heard).toEqual([150]));
    expect([first?.size, again?.size]).toEqual([150, 150]);
  });

  it('is nothing when there was no sound, and says why where the microphone is refused', async () => {
    const { statement } = await begun();
    expect(await statement.stop()).toBeNull();
    const phone = new FakePhone();
    phone.microphone.refusal = 'microphone_refused';
    const refused = new StatementRecorder(phone.parts(await newDatabase()));
    await refused.start();
    expect(refused.view.get()).toMatchObject({ state: 'failed', problem: 'microphone_refused' });
  });

  it('lets the microphone go when somebody leaves', async () => {
    const { phone, statement } = await begun();
    statement.drop();
    expect(phone.microphone.sound!.closed).toBe(true);
  });
});
