import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { demoConfig, type LayoutApp, openPage, startLayoutApp } from '../support/openLayoutApp.ts';
import {
  type BrowserPublishers,
  publishersMissing,
  startBrowserPublishers,
} from '../support/publishLiveKit.ts';
import { type LiveKit, livekitMissing, startLiveKit } from '../support/startLiveKit.ts';

const missing = livekitMissing ?? publishersMissing;
if (missing) console.warn(`SKIPPED: the layout app in LiveKit calls (${missing})`);

describe.skipIf(missing)('a LiveKit call', () => {
  let livekit: LiveKit;
  let app: LayoutApp;
  let publishers: BrowserPublishers;
  const roomName = 'standup';

  beforeAll(async () => {
    [livekit, app] = await Promise.all([startLiveKit(), startLayoutApp()]);
    publishers = await startBrowserPublishers({ livekit, roomName });
  });
  afterAll(async () => {
    await publishers.stop();
    await app.close();
    await livekit.stop();
  });

  async function openCall(layout: string, more: { token?: string; url?: string } = {}) {
    const identity = `recorder-${layout}`;
    const rights = { hidden: true, canPublish: false, recorder: true };
    const token = more.token ?? (await livekit.createToken({ roomName, identity, ...rights }));
    const source = { kind: 'livekit', url: more.url ?? livekit.url, token };
    return openPage(app, demoConfig(layout, 0, { source }));
  }

  it('shows and plays who is there, and tells of joining, sharing, muting and leaving', async () => {
    const ada = await publishers.join({ identity: 'ada', name: 'Ada', hueDeg: 0, toneHz: 440 });
    const { page, messages, waitFor } = await openCall('grid');
    expect(await waitFor('ready')).toBeLessThan(6_000);
    expect(messages).toContainEqual({ type: 'participants', count: 1 });
    const count = (selector: string) => page.$$eval(selector, (found) => found.length);

    const bo = await publishers.join({ identity: 'bo', name: 'Bo', hueDeg: 120, toneHz: 660 });
    await eventually('two tiles play', async () => (await playing(page)) === 2);
    await eventually('two voices', async () => (await count('audio')) === 2);
    await bo.shareScreen();
    await eventually('a shared screen', () =>
      page.$('[data-layout=spotlight] video.str-video__video--screen-share'),
    );
    await bo.stopSharing();
    await eventually('the grid again', () => page.$('[data-layout=grid]'));
    await ada.mute('camera');
    await eventually('a placeholder', () =>
      page.$('[data-participant-id=ada] .str-video__video-placeholder'),
    );
    await ada.mute('microphone');
    await eventually('no voice', () =>
      page.$('.str-video__participant-view--no-audio[data-participant-id=ada]'),
    );
    await bo.leave();
    await eventually('one left', async () => (await count('.str-video__participant-view')) === 1);
    await ada.leave();
    await eventually('nobody left', () => page.$('.eca__waiting'));
    await page.close();
  });

  it('plays no silence beside the sound of the call', async () => {
    const dee = await publishers.join({ identity: 'dee', name: 'Dee', hueDeg: 300, toneHz: 440 });
    const { page, waitFor } = await openCall('grid');
    await waitFor('ready');
    await eventually('no AudioContext is open', async () => {
      const contexts = await page.queryObjects(await page.evaluateHandle(() => AudioContext.prototype));
      return contexts.evaluate((all) => all.every(({ state }) => state === 'closed'));
    });
    await dee.leave();
    await page.close();
  });

  it('ends when the room is deleted', async () => {
    await publishers.join({ identity: 'cy', name: 'Cy', hueDeg: 200, toneHz: 440 });
    const { page, waitFor } = await openCall('spotlight');
    await waitFor('ready');
    await livekit.rooms.deleteRoom(roomName);
    await waitFor('call_ended');
    await page.close();
  });

  it('fails at once, with the server’s words, where the token is refused', async () => {
    const { page, messages, waitFor } = await openCall('grid', { token: 'nonsense' });
    expect(await waitFor('failed')).toBeLessThan(4_000);
    expect(messages.at(-1)).toMatchObject({ type: 'failed', code: 'call_refused' });
    await page.close();
  });

  it('fails after 8 s of trying, naming the address, where the server cannot be reached', async () => {
    const { page, messages } = await openCall('grid', { url: 'ws://127.0.0.1:9' });
    const failed = () => messages.find((message) => message.type === 'failed');
    expect(await eventually('failed', failed, { withinMs: 20_000 })).toMatchObject({
      code: 'call_unreachable',
      message: expect.stringContaining('ws://127.0.0.1:9'),
    });
    await page.close();
  });

  function playing(page: Awaited<ReturnType<typeof openPage>>['page']): Promise<number> {
    return page.$$eval('video', (videos) => videos.filter((video) => video.videoWidth > 0).length);
  }
});
