import { spawnSync } from 'node:child_process';
import { lstat, mkdir, mkdtemp, open, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Queue } from 'bullmq';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RecordingEvent } from '../../../../shared/events/recordingEvents.ts';
import { careForOrphans } from '../../../../worker/careForOrphans.ts';
import { orphans as orphansCommand } from '../../../../worker/cli/orphans.ts';
import { connectRedis } from '../../../../worker/job/queue.ts';
import { createLog } from '../../../../worker/log.ts';
import { findOrphans } from '../../../../worker/orphans/findOrphans.ts';
import { fixOrphans } from '../../../../worker/orphans/fixOrphans.ts';
import { watchOrphans } from '../../../../worker/orphans/watchOrphans.ts';
import { redisRecordStore } from '../../../../worker/records/redisRecordStore.ts';
import { eventually } from '../../../support/eventually.ts';
import { redisMissing, startRedis } from '../../../support/startRedis.ts';

if (redisMissing) console.warn(`SKIPPED: what lost workers leave behind (${redisMissing})`);

const TEN_MINUTES_S = 600;
const tenMinutesAgo = () => new Date(Date.now() - TEN_MINUTES_S * 1000);

describe.skipIf(redisMissing)('what lost workers leave behind', () => {
  let server: Awaited<ReturnType<typeof startRedis>>;
  let redis: ReturnType<typeof connectRedis>;
  let folder: string;
  let queueName: string;
  let queues = 0;
  let care: ReturnType<typeof careForOrphans>;
  let keyOf: (name: string) => string;

  beforeAll(async () => {
    server = await startRedis();
    redis = connectRedis(server.url);
  });

  afterAll(async () => {
    redis?.disconnect();
    await server?.stop();
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'test-orphans-'));
    vi.stubEnv('TMPDIR', folder); // where the folders of browsers are
    queueName = `queue-${queues++}`;
    keyOf = (name) => `call-compositor:${queueName}:${name}`;
    care = careForOrphans(redis, { queueName, recordingsDir: join(folder, 'recordings') });
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    await rm(folder, { recursive: true, force: true });
  });

  const find = () => findOrphans(care.sources);
  const fix = async () => fixOrphans(await find(), care.tools);

  /** Writes a file below the folder of recordings, as if that had been ten minutes ago. */
  async function leave(name: string, content: string): Promise<string> {
    const path = join(folder, 'recordings', name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    await utimes(path, tenMinutesAgo(), tenMinutesAgo());
    return path;
  }

  const manifestOf = (recordingId: string, partPath: string) => ({
    recordingId,
    outputs: [
      { name: 'recording', file: { key: 'a.mp4', mediaType: 'video/mp4', partPath, machine: hostname() } },
    ],
  });

  async function leavePart(recordingId: string): Promise<string> {
    const path = await leave(`${recordingId}.mp4.part`, 'bytes');
    await leave(`${recordingId}.mp4.part.json`, JSON.stringify(manifestOf(recordingId, path)));
    return path;
  }

  async function leaveRecord(recordingId: string, at = tenMinutesAgo()): Promise<void> {
    const about = { recording_id: recordingId, call_cid: 'default:a', created_at: at.toISOString() };
    const event = { ...about, type: 'call.recording_phase', phase: 'recording' } as RecordingEvent;
    await redisRecordStore(redis, queueName).note(event);
  }

  test('on the way to a bucket is never uploaded over what another machine has stored', async () => {
    const meant = (name: string) => ({ ...manifestOf('r1', join(folder, 'recordings', '.uploading', name)) });
    for (const name of ['whole.mp4.part', 'restored.mp4.part', 'waiting.mp4.part']) {
      await leave(`.uploading/${name}`, 'bytes');
      await leave(`.uploading/${name}.json`, JSON.stringify(meant(name)));
    }
    for (const name of ['restored', 'waiting'])
      await leave(`.uploading/${name}.mp4.part.json.sent`, JSON.stringify({ settledBytes: 3, upload: {} }));
    const about = { recording_id: 'r1', call_cid: 'default:a', created_at: tenMinutesAgo().toISOString() };
    const files = ['whole', 'restored'].map((name) => ({ file: `s3://bucket/p/${name}.mp4` }));
    const ready = { ...about, type: 'call.recording_ready', result: { files } } as unknown as RecordingEvent;
    await redisRecordStore(redis, queueName).note(ready);
    const plan = (await find()).map(({ place, action, isAutomatic }) => [
      basename(place),
      action,
      isAutomatic,
    ]);
    expect(plan.sort()).toEqual([
      ['restored.mp4.part', 'remove', true],
      ['waiting.mp4.part', 'keep', false],
      ['whole.mp4.part', 'keep', false],
    ]);
  });

  test('that is plain is removed where its recording is stored encrypted', async () => {
    const path = join(folder, 'recordings', '.encrypting', 'secret.mp4.part');
    await leave('.encrypting/secret.mp4.part', 'bytes');
    await leave('.encrypting/secret.mp4.part.json', JSON.stringify(manifestOf('r1', path)));
    const about = { recording_id: 'r1', call_cid: 'default:a', created_at: tenMinutesAgo().toISOString() };
    const result = { files: [{ file: '/elsewhere/secret.mp4.age' }] };
    const ready = { ...about, type: 'call.recording_ready', result } as unknown as RecordingEvent;
    await redisRecordStore(redis, queueName).note(ready);
    expect(await find()).toMatchObject([{ place: path, action: 'remove', isAutomatic: true }]);
  });

  test('is never what a link in the folder of recordings leads to', async () => {
    const outside = join(folder, 'outside');
    for (const name of [
      'linked.mp4.part',
      'empty.mp4.part',
      'side.mp4.part.json',
      'deep/.uploading/a.mp4.part',
    ])
      await leave(join('..', 'outside', name), name.startsWith('empty') ? '' : 'bytes');
    await leaveRecord('r1');
    const recordings = join(folder, 'recordings');
    const real = await leavePart('r1');
    for (const name of ['linked', 'empty']) {
      await symlink(join(outside, `${name}.mp4.part`), join(recordings, `${name}.mp4.part`));
      await leave(
        `${name}.mp4.part.json`,
        JSON.stringify(manifestOf('r1', join(outside, `${name}.mp4.part`))),
      );
    }
    await symlink(outside, join(recordings, 'folder'));
    await symlink(join(outside, 'deep'), join(recordings, '.uploading'));
    await symlink(join(outside, 'deep'), join(recordings, 'undelivered'));
    spawnSync('mkfifo', [`${real}.json.pipe.mp4.part`, join(recordings, 'pipe.mp4.part.json')]);
    await leave('pipe.mp4.part', 'bytes');
    const before = await listing(outside);
    const found = await find();
    expect(found.filter(({ place }) => /linked|empty|folder|outside/.test(place))).toEqual([]);
    await fixOrphans(found, care.tools);
    expect(await listing(outside)).toEqual(before);
  });

  async function listing(path: string) {
    const names = (await readdir(path, { recursive: true })).sort();
    return Promise.all(
      names.map(async (name) => [
        name,
        await lstat(join(path, name)).then(({ size, mtimeMs }) => [size, mtimeMs]),
      ]),
    );
  }

  test('is found and told apart', async () => {
    const part = await leavePart('r1');
    await leaveRecord('r1');
    const unknown = await leave('some/folder/unknown.mp4.part', 'bytes');
    const empty = await leave('empty.mp4.part', '');
    const side = await leave('gone.mp4.part.json', '{}');
    const spool = await leave('.uploading/r2.mp4.part', 'bytes');
    const meant = { partPath: spool, machine: hostname(), location: 's3://bucket/r2.mp4' };
    await leave(
      '.uploading/r2.mp4.part.json',
      JSON.stringify({ recordingId: 'r2', outputs: [{ file: meant }] }),
    );
    const undelivered = await leave('undelivered/r3.mp4', 'bytes');
    await leave('finished.mp4', 'bytes');
    const pid = spawnSync(process.execPath, ['-e', '']).pid;
    const work = await mkdtemp(join(folder, `call-compositor-${pid}-`));
    await redis.set(keyOf('manifest:r4'), JSON.stringify(manifestOf('r4', '/elsewhere/r4.mp4.part')));
    const found = await find();
    expect(
      found.map(({ kind, place, action, isAutomatic }) => [kind, place, action, isAutomatic]).sort(),
    ).toEqual(
      [
        ['unfinished_file', part, 'finish', true],
        ['unfinished_file', unknown, 'finish', false],
        ['unfinished_file', empty, 'remove', false],
        ['side_file', side, 'remove', true],
        ['spool', spool, 'finish', false],
        ['undelivered', undelivered, 'keep', false],
        ['work_folder', work, 'remove', true],
        ['manifest', keyOf('manifest:r4'), 'remove', true],
        ['record', 'r1', 'end', true],
      ].sort(),
    );
    expect(found.find(({ place }) => place === spool)?.reason).toContain('s3://bucket/r2.mp4');
    expect(found.find(({ place }) => place === part)).toMatchObject({ recordingId: 'r1', sizeBytes: 5 });
    expect(Math.abs(Number(found.find(({ place }) => place === part)?.ageS) - TEN_MINUTES_S)).toBeLessThan(
      30,
    );
  });

  test('is not what somebody works on, will work on, has open, or changed a minute ago', async () => {
    await leavePart('leased');
    await leaveRecord('leased');
    await redis.set(keyOf('manifest:leased'), JSON.stringify(manifestOf('leased', '/x.mp4.part')));
    await redis.hset(keyOf('leases'), 'leased', '{}');
    await leavePart('queued');
    await leaveRecord('queued');
    const queue = new Queue(queueName, { connection: redis });
    await queue.add('record', {}, { jobId: 'queued' });
    await queue.close();
    const minuteAgo = new Date(Date.now() - 60_000);
    await leaveRecord('young', minuteAgo);
    await redis.set(keyOf('manifest:young'), JSON.stringify(manifestOf('young', '/x.mp4.part')));
    const young = await leave('young.mp4.part', 'bytes');
    await utimes(young, minuteAgo, minuteAgo);
    const held = await open(await leave('held.mp4.part', 'bytes'));
    try {
      expect(await find()).toEqual([]);
    } finally {
      await held.close();
    }
  });

  test('is found where a manifest names a file in a folder that the job has chosen', async () => {
    const path = join(folder, 'chosen', 'r1.mp4.part');
    await mkdir(dirname(path));
    await writeFile(path, 'bytes');
    await utimes(path, tenMinutesAgo(), tenMinutesAgo());
    await redis.set(keyOf('manifest:r1'), JSON.stringify(manifestOf('r1', path)));
    expect(await find()).toContainEqual(expect.objectContaining({ place: path, recordingId: 'r1' }));
  });

  test('is put right: a recording ends as failed, once, with the place of its file, and the rest is removed', async () => {
    await leaveRecord('r1');
    await redis.set(
      keyOf('manifest:r1'),
      JSON.stringify({
        recordingId: 'r1',
        outputs: [{ file: { partPath: '/data/r1.mp4.part', machine: 'far' } }],
      }),
    );
    const side = await leave('gone.mp4.part.json', '{}');
    const pid = spawnSync(process.execPath, ['-e', '']).pid;
    const work = await mkdtemp(join(folder, `call-compositor-${pid}-`));
    await mkdtemp(join(work, 'profile-'));
    const [one, other] = await Promise.all([fix(), fix()]);
    const fixed = [...one, ...other].filter(({ isFixed }) => isFixed);
    expect(fixed.map(({ orphan }) => orphan.place).sort()).toEqual([side, work, 'r1'].sort());
    const store = redisRecordStore(redis, queueName);
    expect(await store.get('r1')).toMatchObject({
      state: 'failed',
      result: { status: 'failed', end_reason: 'worker_lost', call_cid: 'default:a' },
    });
    const finals = (await store.events('r1')).filter(({ type }) => type === 'call.recording_failed');
    expect(finals).toHaveLength(1);
    expect(finals[0]).toMatchObject({
      result: { error: { message: expect.stringContaining('/data/r1.mp4.part on the machine far') } },
    });
    const told = await redis.xrange(`bull:${queueName}:events`, '-', '+');
    expect(told.map(([, fields]) => fields.slice(0, 4))).toEqual([['event', 'progress', 'jobId', 'r1']]);
    expect(await redis.exists(keyOf('manifest:r1'))).toBe(1); // the other machine finds its file by it
    expect(await readdir(folder)).not.toContain(work.slice(folder.length + 1));
    expect(await find()).toEqual([]);
  });

  test('is left alone where somebody goes on with it meanwhile', async () => {
    await leaveRecord('r1');
    await redis.set(keyOf('manifest:r1'), JSON.stringify(manifestOf('r1', '/x.mp4.part')));
    const found = await find();
    await redis.hset(keyOf('leases'), 'r1', '{}');
    const fixed = await fixOrphans(found, care.tools);
    expect(fixed.map(({ isFixed }) => isFixed)).toEqual([false, false]);
    expect(await redis.exists(keyOf('manifest:r1'))).toBe(1);
    expect(await redisRecordStore(redis, queueName).get('r1')).toMatchObject({ state: 'recording' });
  });

  test('stays where it cannot be put right, and the rest is put right all the same', async () => {
    const undelivered = await leave('undelivered/r1.mp4', 'bytes');
    await leaveRecord('r2');
    const fixed = await fixOrphans(await find(), {
      ...care.tools,
      tell: () => Promise.reject(new Error('Redis is full')),
    });
    expect(fixed).toMatchObject([
      { isFixed: false, outcome: expect.stringContaining('by hand') },
      { isFixed: false, outcome: 'Redis is full' },
    ]);
    expect((await stat(undelivered)).size).toBe(5);
  });

  test('is put right by a worker by itself, except for files of which its queue knows nothing', async () => {
    await leaveRecord('r1');
    const known = await leave('r1.mp4.part', 'bytes');
    await leave('r1.mp4.part.json', JSON.stringify(manifestOf('r1', known)));
    const unknown = await leave('unknown.mp4.part', 'bytes');
    const watch = watchOrphans(care.sources, care.tools, createLog('silent'));
    try {
      await eventually('the recording has ended', async () => {
        return (await redisRecordStore(redis, queueName).get('r1'))?.state === 'failed';
      });
    } finally {
      await watch.close();
    }
    expect(await readdir(dirname(known))).toEqual([basename(unknown)]);
  });

  test('is listed by the command, whose exit code says whether anything is left', async () => {
    vi.stubEnv('REDIS_URL', server.url);
    vi.stubEnv('COMPOSITOR_QUEUE', queueName);
    vi.stubEnv('COMPOSITOR_RECORDINGS_DIR', join(folder, 'recordings'));
    const lines: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(String(line)));
    expect(await orphansCommand({})).toBe(0);
    expect(lines).toEqual(['nothing was left behind']);
    await leaveRecord('r1');
    lines.length = 0;
    expect(await orphansCommand({ json: true })).toBe(2);
    expect(JSON.parse(lines.join('\n'))).toMatchObject([
      { kind: 'record', recording_id: 'r1', action: 'end' },
    ]);
    lines.length = 0;
    expect(await orphansCommand({ fix: true })).toBe(0);
    expect(lines.join('\n')).toMatch(/kind +recording_id .*\nrecord +r1 .*worker_lost/);
    expect(await orphansCommand({})).toBe(0);
  });
});
