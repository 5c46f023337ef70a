import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { Redis as RedisClient } from 'ioredis';
import { ParticipantInfo_State, TrackSource } from 'livekit-server-sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/freePort.ts';
import { processesNaming } from '../support/processesNaming.ts';
import {
  type BrowserPublishers,
  publishersMissing,
  startBrowserPublishers,
} from '../support/publishLiveKit.ts';
import { type LiveKit, livekitMissing, startLiveKit } from '../support/startLiveKit.ts';
import { redisMissing, startRedis } from '../support/startRedis.ts';
import { s3Missing, startS3 } from '../support/startS3.ts';
import { type RunningServer, startServer } from '../support/startServer.ts';

const MEDIA_TIMEOUT_MS = 60_000;

const callMissing = livekitMissing ?? publishersMissing;

for (const reason of new Set([redisMissing, s3Missing, livekitMissing, publishersMissing])) {
  if (reason) console.warn(`Skipped: ${reason}`);
}

test('a server that does not start is reported with its last output', async () => {
  const path = process.execPath;
  const args = () => ['-e', 'console.error("no such disk"); process.exit(3)'];
  const starting = startServer({ name: 'broken', path, args, port: await freePort() });

  await expect(starting).rejects.toThrow(
    /broken not ready on 127.0.0.1:\d+ after \d+ ms \(ended with exit code 3\); it last said:\nno such disk/,
  );
});

test('a server whose program does not exist is reported', async () => {
  const starting = startServer({
    name: 'absent',
    path: '/no/such/file',
    args: () => [],
    port: await freePort(),
  });

  await expect(starting).rejects.toThrow('/no/such/file ENOENT');
});

test.skipIf(redisMissing)('Redis keeps a value and stops when it is told to', async () => {
  const redis = await startRedis();
  const client = new RedisClient(redis.url);

  await client.set('call', 'standup');
  expect(await client.get('call')).toBe('standup');
  client.disconnect();

  await redis.stop();
  expectGone(redis);
});

test.skipIf(s3Missing)(
  'the S3 server stores an object as a file, returns it, and stops when it is told to',
  async () => {
    const s3 = await startS3();
    const object = { Bucket: 'recordings', Key: 'standup/1.mp4' };

    await s3.createBucket(object.Bucket);
    await s3.client.send(new PutObjectCommand({ ...object, Body: 'bytes', ContentType: 'video/mp4' }));
    const got = await s3.client.send(new GetObjectCommand(object));
    expect(await got.Body?.transformToString()).toBe('bytes');
    expect(got.ContentType).toBe('video/mp4');
    expect(await readFile(s3.objectPath(object.Bucket, object.Key), 'utf8')).toBe('bytes');

    await s3.stop();
    expectGone(s3);
  },
);

describe.skipIf(callMissing)('a LiveKit call', { timeout: MEDIA_TIMEOUT_MS }, () => {
  const roomName = 'standup';
  let livekit: LiveKit;
  let publishers: BrowserPublishers;

  beforeAll(async () => {
    livekit = await startLiveKit();
    publishers = await startBrowserPublishers({ livekit, roomName });
  }, MEDIA_TIMEOUT_MS);
  afterAll(async () => {
    await publishers?.stop();
    await livekit?.stop();
  });

  test('has publishers whose pictures move and whose tones differ', async () => {
    await publishers.join({ identity: 'ana', name: 'Ana', hueDeg: 0, toneHz: 440 });
    await publishers.join({ identity: 'ben', name: 'Ben', hueDeg: 120, toneHz: 660 });
    const ana = await publishers.receive('ana');
    const ben = await publishers.receive('ben');

    expect(Math.abs(ana.loudestHz - 440)).toBeLessThan(5);
    expect(Math.abs(ben.loudestHz - 660)).toBeLessThan(5);
    expect(dominantChannel(ana.meanColor)).toBe('red');
    expect(dominantChannel(ben.meanColor)).toBe('green');
    // The bar, a twentieth of the picture, disappeared in one place and appeared in another.
    expect(ana.motion).toBeGreaterThan(5);
    expect(ben.motion).toBeGreaterThan(5);
  });

  test('has publishers whose pictures were encoded before the call', async () => {
    const size = { widthPx: 640, heightPx: 360, bitrateBps: 500_000 };
    await publishers.join({
      ...{ identity: 'dan', name: 'Dan', hueDeg: 120, toneHz: 990, framesPerSecond: 30 },
      ...{ size, isPrepared: true },
    });
    const dan = await publishers.receive('dan');

    // What the browser encodes meanwhile is tiny, and red.
    expect(dan.widthPx).toBe(640);
    expect(dominantChannel(dan.meanColor)).toBe('green');
    expect(dan.motion).toBeGreaterThan(5);
  });

  test('has publishers who share a screen, mute, unmute and leave', async () => {
    const cleo = await publishers.join({ identity: 'cleo', name: 'Cleo', hueDeg: 240, toneHz: 880 });
    await eventuallyPublishes('cleo', ['CAMERA', 'MICROPHONE']);

    await cleo.shareScreen();
    await eventuallyPublishes('cleo', ['CAMERA', 'MICROPHONE', 'SCREEN_SHARE']);
    await cleo.stopSharing();
    await cleo.mute('camera');
    await eventuallyPublishes('cleo', ['MICROPHONE']);
    await cleo.unmute('camera');
    await cleo.mute('microphone');
    await eventuallyPublishes('cleo', ['CAMERA']);

    await cleo.leave();
    await eventually('Cleo has left', async () => !(await identities()).includes('cleo'));
  });

  test('leaves nothing behind when it stops', async () => {
    await publishers.leaveAll();
    await eventually('the call is empty', async () => (await identities()).length === 0);
    await publishers.stop();
    await livekit.stop();

    expectGone(livekit);
    expect(isAlive(publishers.pid)).toBe(false);
    expect(await processesNaming(publishers.profilePath)).toEqual([]);
    expect(existsSync(publishers.profilePath)).toBe(false);
  });

  async function identities(): Promise<string[]> {
    return (await livekit.rooms.listParticipants(roomName)).map((participant) => participant.identity);
  }

  async function eventuallyPublishes(identity: string, sources: (keyof typeof TrackSource)[]): Promise<void> {
    await eventually(`${identity} publishes ${sources}`, async () => {
      const { state, tracks } = await livekit.rooms.getParticipant(roomName, identity);
      const audible = tracks.filter((track) => !track.muted).map((track) => TrackSource[track.source]);
      expect(state).toBe(ParticipantInfo_State.ACTIVE);
      expect(audible.sort()).toEqual(sources);
      return true;
    });
  }
});

function dominantChannel(color: [number, number, number]): string | undefined {
  return ['red', 'green', 'blue'][color.indexOf(Math.max(...color))];
}

function expectGone({ pid, folderPath }: RunningServer): void {
  expect(isAlive(pid)).toBe(false);
  expect(existsSync(folderPath)).toBe(false);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
