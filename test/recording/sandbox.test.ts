import { readFileSync, readlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { familyOf, kindOf } from '../bench/processTree.ts';
import { elapsed } from '../support/calls/scenes.ts';
import { inspectRecording } from '../support/inspectRecording.ts';
import {
  type BrowserPublishers,
  publishersMissing,
  startBrowserPublishers,
} from '../support/publishLiveKit.ts';
import type { FolderServer } from '../support/serveFolder.ts';
import { servePages } from '../support/servePages.ts';
import { type Compositor, startCompositor } from '../support/startCompositor.ts';
import { type LiveKit, livekitMissing, startLiveKit } from '../support/startLiveKit.ts';
import { becomeUnprivileged } from '../support/unprivileged.ts';

const user = becomeUnprivileged();
if ('missing' in user) console.warn(`SKIPPED: recordings in the sandbox, as another user (${user.missing})`);
const noLiveKit = livekitMissing ?? publishersMissing;
if (noLiveKit) console.warn(`SKIPPED: a LiveKit recording in the sandbox (${noLiveKit})`);

const ANA = { name: 'Ana', identity: 'ana', hueDeg: 120, toneHz: 440 };

describe.skipIf('missing' in user)(
  'a worker without any rights, on a file system that it cannot write to',
  () => {
    let pages: FolderServer;
    let liveKit: LiveKit | null = null;
    let publishers: BrowserPublishers | null = null;
    let compositor: Compositor;

    beforeAll(async () => {
      if ('missing' in user) return;
      pages = await servePages();
      if (!noLiveKit) {
        liveKit = await startLiveKit();
        publishers = await startBrowserPublishers({ livekit: liveKit, roomName: 'standup' });
        await publishers.join(ANA);
      }
      const keys: Record<string, string> = liveKit
        ? { LIVEKIT_API_KEY: liveKit.apiKey, LIVEKIT_API_SECRET: liveKit.apiSecret }
        : {};
      const recordings = { COMPOSITOR_RECORDINGS_DIR: join(user.env.HOME, 'recordings') };
      // Nothing here looks at timing, so that more calls are recorded at once than a worker would take.
      const env = { ...user.env, ...keys, ...recordings, COMPOSITOR_COST_SCALE: '0.5' };
      compositor = await startCompositor(env, user.through);
    });

    afterAll(async () => {
      await compositor?.close();
      await publishers?.stop();
      await liveKit?.stop();
      await pages?.close();
      if (!('missing' in user)) await rm(user.folder, { recursive: true, force: true });
    });

    const start = (source: object, layout: object) =>
      compositor.start({
        call: { id: 'standup' },
        source,
        recording: { quality: '360p', layout },
        limits: { max_duration_s: 60 },
      });

    test('records the demo, an external page and a LiveKit call in the sandbox of Chromium', async () => {
      const runs = [
        start({ kind: 'demo', participants: 2 }, {}),
        start(
          { kind: 'app', token: 'secret' },
          { name: 'grid', external_app_url: pages.url('setup-layout.html') },
        ),
        ...(liveKit ? [start({ kind: 'livekit', url: liveKit.url }, {})] : []),
      ];
      await Promise.all(runs.map((run) => run.seen('call.recording_started')));
      const family = familyOf(compositor.pid);
      const ofPages = family.filter((pid) => /page$/.test(kindOf(pid)));
      expect(ofPages.length).toBeGreaterThanOrEqual(2 * runs.length);
      for (const pid of ofPages)
        expect(fencesOf(pid), kindOf(pid)).toEqual({
          seccomp: '2',
          rights: '0',
          ownNamespaces: ['user', 'pid', 'net'],
        });
      expect(
        family.some((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--no-sandbox')),
      ).toBe(false);
      // A busy machine starts one late, so each goes on until all have been looked at.
      await Promise.all(runs.map((run) => elapsed(run, 1)));
      await Promise.all(runs.map((run) => run.stop()));
      for (const run of runs) {
        const result = await run.result;
        expect(result).toMatchObject({ status: 'completed', error: null });
        expect((await inspectRecording(String(result.file))).durationS).toBeGreaterThan(0.3);
      }
      expect(compositor.log()).not.toContain('without a sandbox');
    });

    function fencesOf(pid: number) {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const field = (name: string) => new RegExp(`^${name}:\\s*(\\w+)`, 'm').exec(status)?.[1];
      const namespace = (of: number, name: string) => readlinkSync(`/proc/${of}/ns/${name}`);
      return {
        seccomp: field('Seccomp'),
        rights: String(Number.parseInt(field('CapEff') ?? '1', 16)),
        ownNamespaces: ['user', 'pid', 'net'].filter(
          (name) => namespace(pid, name) !== namespace(compositor.pid, name),
        ),
      };
    }
  },
);
