import type { DemoCallSource } from '../../../shared/sources/callSource.ts';
import { createSnapshotStore } from '../../snapshotStore.ts';
import { type Call, type CallParticipant, CONNECTING, type MediaFeed } from '../call.ts';
import { demoName } from './demoNames.ts';
import { type DemoPerson, demoScene } from './demoScript.ts';
import { createDemoVideos, type DemoVideos } from './demoVideo.ts';
import { createDemoVoices, type DemoVoices } from './demoVoice.ts';
import { drawFigure } from './drawFigure.ts';
import { drawSlides } from './drawSlides.ts';

const TICK_MS = 50;

/** Plays a scripted call with drawn people; nothing outside the tab is needed. */
export function joinDemoCall(source: DemoCallSource): Call {
  const store = createSnapshotStore(CONNECTING);
  const videos = createDemoVideos();
  const voices = createDemoVoices();
  const startedAtMs = Date.now();
  const startMs = performance.now();
  const speaking = { index: null as number | null };
  const known = new Map<number, { key: string; participant: CallParticipant }>();

  const toParticipant = (person: DemoPerson): CallParticipant => {
    const key = JSON.stringify(person);
    const before = known.get(person.index);
    if (before?.key === key) return before.participant;
    const participant = demoParticipant(person, startedAtMs, feedsOf(person, videos, voices, speaking));
    known.set(person.index, { key, participant });
    return participant;
  };

  const play = () => {
    const scene = demoScene(source, (performance.now() - startMs) / 1000);
    speaking.index = scene.speaker;
    voices.letSpeak(scene.isOver ? null : scene.speaker);
    if (scene.isOver) {
      clearInterval(timer);
      store.set({ ...store.getSnapshot(), state: { name: 'ended' } });
      return;
    }
    const before = store.getSnapshot();
    const participants = scene.people.map(toParticipant);
    const isSame =
      before.state.name === 'joined' &&
      participants.length === before.participants.length &&
      participants.every((participant, at) => participant === before.participants[at]);
    if (!isSame) store.set({ state: { name: 'joined' }, participants });
  };
  const timer = setInterval(play, TICK_MS);
  play();
  return store;
}

interface DemoFeeds {
  readonly camera: MediaFeed;
  readonly screen: MediaFeed;
  readonly voice: MediaFeed | null;
}

function feedsOf(
  { index }: DemoPerson,
  videos: DemoVideos,
  voices: DemoVoices,
  speaking: { readonly index: number | null },
): DemoFeeds {
  return {
    camera: videos.feed(`camera-${index}`, {
      kind: 'camera',
      draw: (context, timeS) => drawFigure(context, { index, timeS, isSpeaking: speaking.index === index }),
    }),
    screen: videos.feed(`screen-${index}`, { kind: 'screen', draw: drawSlides }),
    voice: voices.feed(index),
  };
}

function demoParticipant(person: DemoPerson, startedAtMs: number, feeds: DemoFeeds): CallParticipant {
  const id = `demo-${person.index + 1}`;
  return {
    id,
    userId: id,
    name: demoName(person.index),
    imageUrl: null,
    roles: [],
    joinedAtMs: startedAtMs + Math.round(person.joinedAtS * 1000),
    hasVideo: person.hasVideo,
    hasAudio: !person.isMuted,
    hasScreenShare: person.isSharingScreen,
    isMuted: person.isMuted,
    isSpeaking: person.isSpeaking,
    isDominantSpeaker: person.isSpeaking,
    isPinned: false,
    camera: person.hasVideo ? feeds.camera : null,
    screenShare: person.isSharingScreen ? feeds.screen : null,
    audio: feeds.voice ? [feeds.voice] : [],
  };
}
