import type { Level } from '../messages.ts';
import type { Tile } from '../tile.ts';
import { readTile } from './readTile.ts';
import { createStandIn, type StandIn } from './standIn.ts';

/** Videos of the page that play stand-ins, or, while the browser draws them, themselves. */
export interface HandedVideos {
  /** Takes a video. The returned function gives it back. */
  take(element: HTMLVideoElement): () => void;
  reshape(id: number, width: number, height: number): void;
  /** Lets all stand-ins be black or white. Resolves once each that is seen has given the browser such a frame to draw. */
  show(level: Level): Promise<unknown>;
  tiles(): Tile[];
  elements(): ReadonlySet<HTMLVideoElement>;
  /** Lets all videos play themselves. Resolves once each of them shows a frame, or is not going to soon. */
  playThemselves(): Promise<void>;
  playStandIns(): void;
}

interface Handed {
  readonly id: number;
  readonly element: HTMLVideoElement;
  own: MediaStream;
  readonly standIn: StandIn;
  readonly other: MediaStream;
}

/** A video that shows no frame by then stands still. */
const FRAME_WITHIN_MS = 500;

/** `onTaken` is told of each video with its track, `onGivenBack` when it is given back. */
export function createHandedVideos(given: {
  onTaken: (id: number, track: MediaStreamVideoTrack) => void;
  onGivenBack: (id: number) => void;
}): HandedVideos {
  const handed = new Map<HTMLVideoElement, Handed>();
  let ids = 0;
  let level: Level = 'black';
  let areDrawn = false;

  function play(element: HTMLVideoElement, stream: MediaStream): void {
    if (element.srcObject === stream) return;
    element.srcObject = stream;
    element.play().catch(() => {}); // the attribute `autoplay` tries again
  }

  /**
   * SDKs give an element its track anew when they like, for example after a connection was lost: by another stream, or by
   * another track in the stream that it plays.
   */
  function takeAgain(one: Handed): void {
    const stream = one.element.srcObject;
    if (areDrawn || !(stream instanceof MediaStream)) return;
    const [track] = stream.getVideoTracks();
    if (track === undefined || track === one.standIn.track) return;
    const [before] = one.own.getVideoTracks();
    one.own = stream === one.other ? new MediaStream([track]) : stream;
    if (stream === one.other) {
      one.other.removeTrack(track);
      one.other.addTrack(one.standIn.track);
    }
    if (track !== before) {
      given.onGivenBack(one.id);
      given.onTaken(one.id, track as MediaStreamVideoTrack);
    }
    play(one.element, one.other);
  }

  return {
    take: (element) => {
      const own = element.srcObject;
      const track = own instanceof MediaStream ? own.getVideoTracks()[0] : undefined;
      if (!(own instanceof MediaStream) || track === undefined || handed.has(element)) return () => {};
      const id = ++ids;
      const standIn = createStandIn(level);
      const one = { id, element, own, standIn, other: new MediaStream([standIn.track]) };
      handed.set(element, one);
      given.onTaken(id, track as MediaStreamVideoTrack);
      if (!areDrawn) play(element, one.other);
      const onLoad = () => takeAgain(one);
      element.addEventListener('loadstart', onLoad);
      return () => {
        element.removeEventListener('loadstart', onLoad);
        handed.delete(element);
        given.onGivenBack(id);
        standIn.stop();
        element.srcObject = one.own;
      };
    },
    reshape: (id, width, height) => {
      for (const one of handed.values()) if (one.id === id) one.standIn.reshape(width, height);
    },
    show: (now) => {
      level = now;
      for (const one of handed.values()) takeAgain(one);
      const presented = [...handed.values()].map(({ id, element, standIn }) => {
        const isSeen = readTile(id, element) !== null;
        const frame = isSeen && standIn.isOther(now) ? nextFrame(element) : null;
        standIn.show(now);
        return frame;
      });
      return Promise.all(presented);
    },
    tiles: () =>
      [...handed.values()].map(({ id, element }) => readTile(id, element)).filter((tile) => tile !== null),
    elements: () => new Set(handed.keys()),
    playThemselves: async () => {
      areDrawn = true;
      const shown = [...handed.values()].map(({ element, own }) => {
        const frame = nextFrame(element);
        play(element, own);
        return frame;
      });
      const late = new Promise<void>((resolve) => setTimeout(resolve, FRAME_WITHIN_MS));
      await Promise.race([Promise.all(shown), late]);
    },
    playStandIns: () => {
      areDrawn = false;
      for (const { element, other } of handed.values()) play(element, other);
    },
  };
}

function nextFrame(element: HTMLVideoElement): Promise<void> {
  return new Promise((resolve) => {
    element.requestVideoFrameCallback(() => resolve());
  });
}
