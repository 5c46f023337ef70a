import type { Redis } from 'ioredis';
import { beforeAll, describe, expect, test } from 'vitest';
import { followCommands, type SentCommand, sendCommand } from '../../../../worker/control/commandStream.ts';
import { createLog } from '../../../../worker/log.ts';
import { connectOwnRedis } from '../../../support/connectOwnRedis.ts';
import { eventually } from '../../../support/eventually.ts';
import { redisMissing } from '../../../support/startRedis.ts';

if (redisMissing) console.warn(`SKIPPED: commands to running recordings (${redisMissing})`);

const STOP = { type: 'stop' } as const;
const log = createLog('silent');

describe.skipIf(redisMissing)('commands to running recordings', () => {
  let redis: Redis;

  beforeAll(async () => {
    const own = await connectOwnRedis();
    redis = own.redis;
    return own.close;
  });

  async function follow(queueName: string) {
    const heard: SentCommand[] = [];
    const stream = await followCommands(redis, queueName, (command) => heard.push(command), log);
    return { heard, stream };
  }

  test('reach every worker that listens', async () => {
    const [a, b] = [await follow('heard'), await follow('heard')];
    await sendCommand(redis, 'heard', { recordingId: 'r1', command: STOP });
    await eventually('both have heard', () => a.heard.length === 1 && b.heard.length === 1);
    expect(a.heard[0]).toMatchObject({ recordingId: 'r1', command: STOP });
    for (const { stream } of [a, b]) stream.close();
  });

  test('wait for a worker that listens only later, until they are forgotten', async () => {
    await sendCommand(redis, 'early', { recordingId: 'r1', command: STOP });
    await sendCommand(redis, 'early', { recordingId: 'r2', command: STOP });
    const { heard, stream } = await follow('early');
    expect((await stream.pendingFor('r1')).map(({ recordingId }) => recordingId)).toEqual(['r1']);
    await stream.forget('r1');
    expect(await stream.pendingFor('r1')).toEqual([]);
    expect(await stream.pendingFor('r2')).toHaveLength(1);
    expect(heard).toEqual([]);
    stream.close();
  });

  test('of one queue are not heard on another queue of the same Redis', async () => {
    const other = await follow('other');
    const own = await follow('own');
    await sendCommand(redis, 'own', { recordingId: '1', command: STOP });
    await eventually('the own queue has heard', () => own.heard.length === 1);
    await sendCommand(redis, 'other', { recordingId: 'marker', command: STOP });
    await eventually('the marker has come', () => other.heard.length > 0);
    expect(other.heard.map(({ recordingId }) => recordingId)).toEqual(['marker']);
    expect(await other.stream.pendingFor('1')).toEqual([]);
    for (const { stream } of [own, other]) stream.close();
  });

  test('are not lost when the connection of the listener breaks', async () => {
    const { heard, stream } = await follow('broken');
    await redis.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await sendCommand(redis, 'broken', { recordingId: 'r1', command: STOP });
    await eventually('it is heard all the same', () => heard.length === 1);
    stream.close();
  });

  test('are not lost where another Redis takes over whose clock is behind', async () => {
    const stream = 'call-compositor:behind:commands';
    await redis.xadd(stream, '99999999999999-0', 'recording', 'r0', 'command', JSON.stringify(STOP));
    const follower = await follow('behind');
    await redis.del(stream);
    await redis.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await sendCommand(redis, 'behind', { recordingId: 'r1', command: STOP });
    await eventually('it is heard', () => follower.heard.some(({ recordingId }) => recordingId === 'r1'));
    follower.stream.close();
  });

  test('that are none of ours are passed over', async () => {
    const { heard, stream } = await follow('foreign');
    const key = 'call-compositor:foreign:commands';
    await redis.xadd(key, '*', 'recording', 'r1', 'command', 'not json');
    await redis.xadd(key, '*', 'recording', 'r1', 'command', '{"type":"fly"}');
    await sendCommand(redis, 'foreign', { recordingId: 'r1', command: STOP });
    await eventually('the stop is heard', () => heard.length > 0);
    expect(heard.map(({ command }) => command)).toEqual([STOP]);
    stream.close();
  });
});
