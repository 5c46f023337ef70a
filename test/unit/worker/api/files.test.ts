import { existsSync } from 'node:fs';
import { rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRange } from '../../../../worker/api/files/readRange.ts';
import { type ApiWorld, startApi } from '../../../support/startApi.ts';
import { redisMissing } from '../../../support/startRedis.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await startApi();
});
afterAll(() => world?.close());

/** The link to the only file of a call, as the API lists it, at the server of the test. */
async function linkOf(callId: string): Promise<URL> {
  const { recordings } = (await world.call('GET', `/api/v2/video/call/default/${callId}/recordings`)).body;
  const link = new URL(recordings[0].url);
  return new URL(link.pathname + link.search, world.url);
}

test.skipIf(redisMissing)('a link hands out the file, whole or in part, to anyone who has it', async () => {
  await world.keep('linked');
  const link = await linkOf('linked');
  const whole = await fetch(link);
  expect([whole.status, whole.headers.get('content-type'), await whole.text()]).toEqual([
    200,
    'video/mp4',
    'a recording',
  ]);
  const part = await fetch(link, { headers: { range: 'bytes=2-4' } });
  expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
    206,
    'bytes 2-4/11',
    'rec',
  ]);
  const outside = await fetch(link, { headers: { range: 'bytes=11-' } });
  expect([outside.status, outside.headers.get('content-range')]).toEqual([416, 'bytes */11']);
  const head = await fetch(link, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '11', '']);
});

test.skipIf(redisMissing)(
  'a link expires after two weeks, and cannot be made to last longer or lead elsewhere',
  async () => {
    await world.keep('expires');
    await world.keep('secret', { filename: 'secret.mp4' });
    const link = await linkOf('expires');
    const leftS = Number(link.searchParams.get('expires')) - Date.now() / 1000;
    expect(Math.round(leftS / 86_400)).toBe(14);
    const changed = (change: (url: URL) => void) => {
      const url = new URL(link);
      change(url);
      return fetch(url).then(({ status }) => status);
    };
    const other = (await linkOf('secret')).pathname;
    expect(await changed((url) => url.searchParams.set('expires', '99999999999'))).toBe(403);
    expect(await changed((url) => url.searchParams.delete('signature'))).toBe(403);
    expect(await changed((url) => url.searchParams.set('signature', 'ü'.repeat(43)))).toBe(403);
    expect(
      await changed((url) => {
        url.pathname = other;
      }),
    ).toBe(403);
  },
);

test.skipIf(redisMissing)('a link of which the time is over is refused', async () => {
  const old = await startApi({ config: { links_expire_s: 1 } });
  try {
    await old.keep('old');
    const { recordings } = (await old.call('GET', '/api/v2/video/call/default/old/recordings')).body;
    const link = new URL(recordings[0].url);
    const ask = () => fetch(new URL(link.pathname + link.search, old.url)).then(({ status }) => status);
    await expect.poll(ask, { timeout: 5_000 }).toBe(403);
  } finally {
    await old.close();
  }
});

test.skipIf(redisMissing)(
  'no file outside the folders of recordings is handed out or removed, whatever a record says',
  async () => {
    const outside = join(world.recordingsDir, '..', 'outside.mp4');
    await writeFile(outside, 'private');
    const { path, id } = await world.keep('outside');
    await rm(path);
    await symlink(outside, path);
    expect((await fetch(await linkOf('outside'))).status).toBe(404);
    expect((await world.call('DELETE', `/api/v1/recordings/${id}`)).status).toBe(200);
    expect(existsSync(outside)).toBe(true);
  },
);

test.skipIf(redisMissing)(
  'a record and its files are deleted together, and the links of before lead nowhere',
  async () => {
    const { id, path } = await world.keep('deleted');
    const link = await linkOf('deleted');
    expect((await world.call('DELETE', `/api/v1/recordings/${id}`)).status).toBe(200);
    expect(existsSync(path)).toBe(false);
    expect((await fetch(link)).status).toBe(404);
    expect((await world.call('GET', `/api/v1/recordings/${id}`)).status).toBe(404);
  },
);

test.skipIf(redisMissing)('records are paged by time, newest first, each on one page', async () => {
  for (let n = 0; n < 7; n += 1)
    await world.keep('paged', { createdAt: 1_767_000_000_000 + Math.floor(n / 2) });
  const seen: { id: string; created_at: string }[] = [];
  let cursor = '';
  do {
    const query = `call_type=default&call_id=paged&limit=3${cursor && `&cursor=${cursor}`}`;
    const { body } = await world.call('GET', `/api/v1/recordings?${query}`);
    expect(body.recordings.length).toBeLessThanOrEqual(3);
    seen.push(...body.recordings);
    cursor = body.next ?? '';
  } while (cursor !== '');
  expect(new Set(seen.map(({ id }) => id)).size).toBe(7);
  const times = seen.map(({ created_at }) => created_at);
  expect(times).toEqual([...times].sort().reverse());
  const from = new Date(1_767_000_000_002).toISOString();
  const late = await world.call('GET', `/api/v1/recordings?call_type=default&call_id=paged&from=${from}`);
  expect(late.body.recordings).toHaveLength(3);
  const wrong = await world.call('GET', '/api/v1/recordings?cursor=nonsense');
  expect(wrong).toMatchObject({ status: 400, body: { code: 4 } });
});

test.skipIf(redisMissing)(
  'records are found by state, also by one that nobody has asked for since',
  async () => {
    await world.call('POST', '/api/v2/video/call/default/state/start_recording');
    const [job] = await world.jobs();
    const query = '/api/v1/recordings?call_type=default&call_id=state';
    const states = async () =>
      (await world.call('GET', query)).body.recordings.map((one: { state: string }) => one.state);
    expect(await states()).toEqual(['queued']);
    await world.begins(String(job?.id));
    expect(await states()).toEqual(['recording']);
    await world.ends(String(job?.id));
    expect((await world.call('GET', `${query}&state=ready`)).body.recordings).toHaveLength(1);
    expect((await world.call('GET', `${query}&state=recording`)).body.recordings).toHaveLength(0);
    const { body } = await world.call('GET', `/api/v1/recordings/${job?.id}`);
    expect(body).toMatchObject({
      ...{
        state: 'ready',
        started_by: { kind: 'server', user_id: null },
        end_reason: 'stopped',
        duration_s: 3,
      },
      files: [{ filename: `${job?.id}.mp4`, size_bytes: 11, url: expect.stringContaining('signature=') }],
      events: [{ type: 'call.recording_phase' }, { type: 'call.recording_ready' }],
    });
  },
);

test('ranges are read as browsers and players write them', () => {
  const read = (header: string | undefined) => readRange(header, 100);
  expect(read('bytes=0-0')).toEqual({ first: 0, last: 0 });
  expect(read('bytes=90-')).toEqual({ first: 90, last: 99 });
  expect(read('bytes=90-200')).toEqual({ first: 90, last: 99 });
  expect(read('bytes=-10')).toEqual({ first: 90, last: 99 });
  expect(read('bytes=-200')).toEqual({ first: 0, last: 99 });
  expect(read('bytes=100-')).toBe('outside');
  expect(read('bytes=-0')).toBe('outside');
  for (const none of [undefined, '', 'bytes=-', 'bytes=5-2', 'bytes=0-1,3-4', 'lines=1-2'])
    expect(read(none)).toBeNull();
});
