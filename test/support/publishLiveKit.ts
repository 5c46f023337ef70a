import { findBrowser } from './findBrowser.ts';
import { openPublisherPage, type PublisherPage } from './publisher/openPublisherPage.ts';
import type { LiveKit } from './startLiveKit.ts';

const executablePath = findBrowser();

/** Why `startBrowserPublishers` cannot work here, or null. */
export const publishersMissing = executablePath ? null : 'no Chromium or Chrome found';

export type PublisherRequest = {
  identity: string;
  name: string;
  /** Colour of the camera picture: the hue of hsl(hue 90% 45%). */
  hueDeg: number;
  /** Pitch of the microphone's steady tone. */
  toneHz: number;
  /** Whether there is a camera at all; by default there is. */
  camera?: boolean;
  /** Of the camera; 10 by default. */
  framesPerSecond?: number;
  /** Of the camera; 640 x 360 by default. */
  size?: { widthPx: number; heightPx: number; bitrateBps: number };
  /** Whether the camera's pictures are encoded once, before the call, so that sending them costs little. */
  isPrepared?: boolean;
  /** The text from which the key of end-to-end encryption is made; without it, nothing is encrypted. */
  e2eeKey?: string;
  /** A room of their own, instead of the one that all publishers of this browser share. */
  roomName?: string;
};

export type MutableSource = 'camera' | 'microphone';

export type Publisher = {
  identity: string;
  /** Publishes a second video as a shared screen: white, its upper fifth in hsl(hue 90% 35%). */
  shareScreen(screen?: { hueDeg: number }): Promise<void>;
  stopSharing(): Promise<void>;
  mute(source: MutableSource): Promise<void>;
  unmute(source: MutableSource): Promise<void>;
  leave(): Promise<void>;
};

export type Received = {
  /** Mean red, green and blue of a camera picture, 0 to 255. */
  meanColor: [number, number, number];
  /** Mean absolute difference of two camera pictures half a second apart, 0 to 255. */
  motion: number;
  widthPx: number;
  loudestHz: number;
};

export type BrowserPublishers = {
  pid: number;
  /** The browser's temporary profile. Every process of this browser has it in its command line. */
  profilePath: string;
  join(request: PublisherRequest): Promise<Publisher>;
  /**
   * Joins as a hidden participant, and resolves to what arrives from a publisher whose camera and microphone
   * are on.
   */
  receive(identity: string): Promise<Received>;
  /** All participants leave, as at the end of a call. */
  leaveAll(): Promise<void>;
  /**
   * Ends the browser. Participants that have not left before vanish, which LiveKit notices only after about
   * 20 seconds.
   */
  stop(): Promise<void>;
};

/** Starts one Chromium whose participants publish real, recognisable video and sound into a LiveKit room. */
export async function startBrowserPublishers(call: {
  livekit: Pick<LiveKit, 'url' | 'createToken'>;
  roomName: string;
}): Promise<BrowserPublishers> {
  if (!executablePath) throw new Error(`Publishers cannot be started: ${publishersMissing}`);
  const page = await openPublisherPage(executablePath);
  const access = async (who: { identity: string; name?: string; hidden?: boolean; roomName?: string }) => ({
    url: call.livekit.url,
    token: await call.livekit.createToken({ ...who, roomName: who.roomName ?? call.roomName }),
  });
  return {
    pid: page.pid,
    profilePath: page.profilePath,
    join: async (request) => {
      const { identity, name, roomName } = request;
      await page.command('join', {
        ...request,
        ...(await access({ identity, name, ...(roomName ? { roomName } : {}) })),
      });
      return commandsOf(page, identity);
    },
    receive: async (identity) => {
      const receiver = await access({
        identity: `receiver of ${identity}`,
        hidden: true,
      });
      return page.command('receive', { ...receiver, identity });
    },
    leaveAll: () => page.command('leaveAll'),
    stop: page.close,
  };
}

function commandsOf(page: PublisherPage, identity: string): Publisher {
  const send = (name: string, details = {}) => page.command<void>(name, { identity, ...details });
  return {
    identity,
    shareScreen: ({ hueDeg } = { hueDeg: 300 }) => send('shareScreen', { hueDeg }),
    stopSharing: () => send('stopSharing'),
    mute: (source) => send('setMuted', { source, muted: true }),
    unmute: (source) => send('setMuted', { source, muted: false }),
    leave: () => send('leave'),
  };
}
