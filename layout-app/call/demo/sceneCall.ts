import type { TestParticipant } from '../../../shared/layout/layoutConfig.ts';
import type { Scene } from '../../config/readLayoutConfig.ts';
import { createSnapshotStore } from '../../snapshotStore.ts';
import { type Call, type CallParticipant, CONNECTING, type MediaFeed } from '../call.ts';
import { demoName } from './demoNames.ts';
import { createDemoVideos } from './demoVideo.ts';
import { drawFigure } from './drawFigure.ts';
import { drawSlides } from './drawSlides.ts';

/** A call of simulated participants that stays as it is until it is told otherwise. It makes no sound. */
export interface SceneCall extends Call {
  show(scene: Scene): void;
}

const TRACK_NAMES = { 1: 'audio', 2: 'video', 3: 'screen_share', 4: 'screen_share_audio' } as const;

export function joinSceneCall(scene: Scene): SceneCall {
  const store = createSnapshotStore(CONNECTING);
  const videos = createDemoVideos(scene);
  const places = new Map<string, number>();
  const known = new Map<string, { key: string; participant: CallParticipant }>();

  function toParticipant(given: TestParticipant): CallParticipant {
    const id = given.sessionId;
    if (!places.has(id)) places.set(id, places.size);
    const key = JSON.stringify(given);
    const before = known.get(id);
    if (before?.key === key) return before.participant;
    const participant = sceneParticipant(given, places.get(id) as number, videos);
    known.set(id, { key, participant });
    return participant;
  }

  const show = ({ participants }: Scene) =>
    store.set({ state: { name: 'joined' }, participants: participants.map(toParticipant) });
  show(scene);
  return { ...store, show };
}

function clipFeed(address: string): MediaFeed {
  return {
    id: address,
    attach: (element) => {
      Object.assign(element, { src: address, loop: true });
      return () => {
        element.removeAttribute('src');
        element.load();
      };
    },
  };
}

function sceneParticipant(
  given: TestParticipant,
  index: number,
  videos: ReturnType<typeof createDemoVideos>,
): CallParticipant {
  const { sessionId, userId = sessionId } = given;
  const name = given.name?.trim() || userId || demoName(index);
  const published = given.publishedTracks ?? ['audio', 'video'];
  const tracks = new Set(published.map((track) => (typeof track === 'number' ? TRACK_NAMES[track] : track)));
  const isSpeaking = given.isSpeaking ?? false;
  const camera = given.video
    ? clipFeed(given.video)
    : videos.feed(`camera-${sessionId}-${isSpeaking}-${given.cameraAspect}`, {
        kind: 'camera',
        aspect: given.cameraAspect,
        draw: (context, timeS) => drawFigure(context, { index, timeS, isSpeaking }),
      });
  const screen = videos.feed(`screen-${sessionId}-${given.screenAspect}`, {
    kind: 'screen',
    aspect: given.screenAspect,
    draw: drawSlides,
  });
  return {
    id: sessionId,
    userId,
    name,
    imageUrl: given.image || null,
    roles: given.roles ?? [],
    joinedAtMs: index,
    hasVideo: tracks.has('video'),
    hasAudio: tracks.has('audio'),
    hasScreenShare: tracks.has('screen_share'),
    isMuted: !tracks.has('audio'),
    isSpeaking,
    isDominantSpeaker: given.isDominantSpeaker ?? false,
    isPinned: given.isPinned ?? given.pin !== undefined,
    camera: tracks.has('video') ? camera : null,
    screenShare: tracks.has('screen_share') ? screen : null,
    audio: [],
  };
}
