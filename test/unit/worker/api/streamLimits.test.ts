import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serverWith } from '../../../../worker/api/auth/principal.ts';
import { createStreamLimits } from '../../../../worker/api/events/streamLimits.ts';
import { eventually } from '../../../support/eventually.ts';
import { type ApiWorld, KEYS, startApi } from '../../../support/startApi.ts';
import { redisMissing } from '../../../support/startRedis.ts';

const ACME = serverWith('acme', 'acme-key');

describe('the streams of one client', () => {
  test('are limited, until one of them is left', () => {
    const limits = createStreamLimits(2);
    const first = limits.enter(ACME);
    limits.enter(ACME);
    expect(() => limits.enter(ACME)).toThrow('this client hears 2 streams of events already');
    limits.enter(serverWith('other', 'other-key'));
    limits.enter({ ...ACME, kind: 'user', userId: 'ann' });
    first.leave();
    first.leave();
    limits.enter(ACME);
    expect(() => limits.enter(ACME)).toThrow('already');
  });
});

describe('the turns of a tenant', () => {
  test('are so many at once, in the order in which they were asked for, and do not keep other tenants', async () => {
    const limits = createStreamLimits(9, 2);
    const begun: string[] = [];
    const ends: (() => void)[] = [];
    const asks = (tenant: string, name: string) =>
      limits.inTurn(tenant, () => {
        begun.push(name);
        return new Promise<void>((resolve) => ends.push(resolve));
      });
    const all = [asks('acme', 'a'), asks('acme', 'b'), asks('acme', 'c'), asks('other', 'd')];
    await eventually('three are at it', () => begun.length === 3);
    expect(begun).toEqual(['a', 'b', 'd']);
    ends[0]?.();
    await all[0];
    await eventually('the third one is at it', () => begun.length === 4);
    for (const end of ends) end();
    await Promise.all(all);
  });

  test('go on where one has failed', async () => {
    const limits = createStreamLimits(9, 1);
    const failed = limits.inTurn('acme', async () => {
      throw new Error('Redis is away');
    });
    const next = limits.inTurn('acme', async () => 'done');
    await expect(failed).rejects.toThrow('away');
    expect(await next).toBe('done');
  });
});

describe.skipIf(redisMissing)('a server', () => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await startApi();
  });
  afterAll(() => world?.close());

  test('lets one client hear no more than 100 streams of events, and another one once one is closed', async () => {
    const token = await world.token();
    const address = `${world.url}/api/v1/events?api_key=${KEYS.acme.key}`;
    const open = async () => {
      const closing = new AbortController();
      const { status } = await fetch(address, {
        headers: { authorization: token },
        signal: closing.signal,
      });
      return { status, close: () => closing.abort() };
    };
    const streams = await Promise.all(Array.from({ length: 100 }, open));
    expect(streams.map(({ status }) => status)).toEqual(Array(100).fill(200));
    expect((await open()).status).toBe(429);
    streams[0]?.close();
    const again = await eventually('a place is free', async () => {
      const stream = await open();
      return stream.status === 200 && stream;
    });
    for (const stream of [...streams, again]) stream.close();
  });
});
