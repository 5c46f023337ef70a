import {
  ConnectionError,
  ConnectionErrorReason,
  ConnectionState,
  DisconnectReason,
  ParticipantKind,
  type RemoteParticipant,
  type RemoteTrackPublication,
  Room,
  RoomEvent,
  Track,
} from 'livekit-client';
import type { LiveKitCallSource } from '../../shared/sources/callSource.ts';
import { createSnapshotStore } from '../snapshotStore.ts';
import { type Call, type CallParticipant, type CallState, CONNECTING, type MediaFeed } from './call.ts';
import { closeIdleSound } from './liveKit/closeIdleSound.ts';
import { describePerson } from './liveKit/describePerson.ts';
import { createLingering } from './liveKit/lingering.ts';

/** How long to try to make the first connection, and how long to try to make a lost one again. */
const FIRST_CONNECT_MS = 8_000;
const RECONNECT_MS = 30_000;
const RETRY_PAUSE_MS = 500;
/** How long LiveKit may try to resume the connection before we make a new one. */
const RESUME_MS = 8_000;

const ROOM_OPTIONS = {
  adaptiveStream: { pixelDensity: 1, pauseVideoInBackground: false },
  reconnectPolicy: {
    nextRetryDelayInMs: ({ elapsedMs, retryCount }: { elapsedMs: number; retryCount: number }) =>
      elapsedMs > RESUME_MS ? null : Math.min(retryCount, 4) * 250,
  },
};

/** If the server disconnects us for one of these reasons, the call is over. After any other reason we connect again. */
const OVER: ReadonlySet<DisconnectReason | undefined> = new Set([
  DisconnectReason.PARTICIPANT_REMOVED,
  DisconnectReason.ROOM_DELETED,
  DisconnectReason.ROOM_CLOSED,
  DisconnectReason.DUPLICATE_IDENTITY,
]);

/** Participants who left for one of these reasons are gone; others may be reconnecting. */
const LEFT: ReadonlySet<DisconnectReason | undefined> = new Set([
  DisconnectReason.CLIENT_INITIATED,
  DisconnectReason.PARTICIPANT_REMOVED,
  DisconnectReason.ROOM_DELETED,
  DisconnectReason.ROOM_CLOSED,
]);

/** Events after which the snapshot may differ. */
const CHANGES = [
  RoomEvent.Connected,
  RoomEvent.Reconnected,
  RoomEvent.ParticipantConnected,
  RoomEvent.ParticipantNameChanged,
  RoomEvent.ParticipantMetadataChanged,
  RoomEvent.ParticipantAttributesChanged,
  RoomEvent.TrackPublished,
  RoomEvent.TrackUnpublished,
  RoomEvent.TrackSubscribed,
  RoomEvent.TrackUnsubscribed,
  RoomEvent.TrackMuted,
  RoomEvent.TrackUnmuted,
  RoomEvent.ActiveSpeakersChanged,
] as const;

/**
 * Joins a LiveKit room as a hidden listener. Video is received only while it is on an element, at the layer that
 * fits the element (adaptiveStream). Audio is always received. While the connection is lost, the last snapshot stays.
 */
export function joinLiveKitCall(source: LiveKitCallSource): Call {
  const store = createSnapshotStore(CONNECTING);
  const present = createPresence();
  const lingering = createLingering(() => publish());
  let room: Room;
  let isPublishing = false;

  // Many events at once, for example after joining, make only one snapshot.
  const publish = () => {
    if (isPublishing) return;
    isPublishing = true;
    setTimeout(() => {
      isPublishing = false;
      if (room.state !== ConnectionState.Connected || isOver()) return;
      const people = present(room, store.getSnapshot().participants);
      lingering.dropReturned(people);
      store.set({ state: { name: 'joined' }, participants: [...people, ...lingering.people()] });
    });
  };
  const isOver = () => ['ended', 'failed'].includes(store.getSnapshot().state.name);
  const end = (state: CallState) => store.set({ ...store.getSnapshot(), state });
  const interrupt = () => {
    const last = store.getSnapshot();
    if (last.state.name === 'joined') store.set({ ...last, isInterrupted: true });
  };

  const connect = async (withinMs: number) => {
    room = await openRoom(source);
    for (const event of CHANGES) room.on(event, publish);
    room.on(RoomEvent.SignalReconnecting, interrupt).on(RoomEvent.Reconnecting, interrupt);
    room.on(RoomEvent.ParticipantDisconnected, (person, reason) => {
      const last = store.getSnapshot().participants.find(({ id }) => id === person.identity);
      if (last && room.state === ConnectionState.Connected && !LEFT.has(reason)) lingering.keep(last);
      publish();
    });
    const failure = await connectWithin(room, source, withinMs);
    if (failure) return end(failure);
    void closeIdleSound(room);
    room.on(RoomEvent.Disconnected, (reason) => {
      if (OVER.has(reason)) end({ name: 'ended' });
      else {
        interrupt();
        void connect(RECONNECT_MS);
      }
    });
    // People who were there before the connection was lost may be reconnecting too, so they keep their places.
    const absent = store.getSnapshot().participants.filter(({ id }) => !room.remoteParticipants.has(id));
    absent.forEach(lingering.keep);
    publish();
  };

  void connect(FIRST_CONNECT_MS);
  return store;
}

/** The code that decrypts is loaded only where it is needed. */
async function openRoom({ e2eeKey }: LiveKitCallSource): Promise<Room> {
  if (e2eeKey === null) {
    const room = new Room(ROOM_OPTIONS);
    return room.on(RoomEvent.TrackSubscribed, (_, { isEncrypted, trackSid }) => {
      if (isEncrypted)
        console.error(`The track ${trackSid} is encrypted end to end; source.e2ee_key is missing`);
    });
  }
  const { encryptionWith } = await import('./liveKit/encryptionWith.ts');
  const room = new Room({ ...ROOM_OPTIONS, encryption: await encryptionWith(e2eeKey) });
  await room.setE2EEEnabled(true);
  return room.on(RoomEvent.EncryptionError, ({ message }) => console.error(`Cannot decrypt: ${message}`));
}

/** Lists who is in a room. Unchanged participants stay the same objects. It remembers the last dominant speaker. */
function createPresence() {
  const feeds = new WeakMap<Track, MediaFeed>();
  let dominantId: string | null = null;
  return (room: Room, before: readonly CallParticipant[]): CallParticipant[] => {
    const known = new Map(before.map((person) => [person.id, person]));
    dominantId = room.activeSpeakers.find((speaker) => !speaker.isLocal)?.identity ?? dominantId;
    return [...room.remoteParticipants.values()]
      .filter((person) => person.kind !== ParticipantKind.EGRESS)
      .map((person) => toParticipant(person, known.get(person.identity), dominantId, feeds))
      .sort((a, b) => a.joinedAtMs - b.joinedAtMs || (a.id < b.id ? -1 : 1));
  };
}

/** Tries to connect. Resolves to null when connected, or to the failure when refused or out of time. */
async function connectWithin(
  room: Room,
  source: LiveKitCallSource,
  withinMs: number,
): Promise<CallState | null> {
  const giveUpAtMs = performance.now() + withinMs;
  for (;;) {
    try {
      await room.connect(source.url, source.token ?? '', {
        autoSubscribe: true,
        maxRetries: 0,
      });
      return null;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const { origin, pathname } = new URL(source.url);
      if (isRefusal(error)) {
        return {
          name: 'failed',
          code: 'call_refused',
          message: `The call server refused the token: ${reason}`,
        };
      }
      if (performance.now() + RETRY_PAUSE_MS > giveUpAtMs) {
        const message = `Could not connect to ${origin}${pathname} within ${withinMs} ms: ${reason}`;
        return { name: 'failed', code: 'call_unreachable', message };
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS));
    }
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof ConnectionError && error.reason === ConnectionErrorReason.NotAllowed;
}

function toParticipant(
  person: RemoteParticipant,
  before: CallParticipant | undefined,
  dominantId: string | null,
  feeds: WeakMap<Track, MediaFeed>,
): CallParticipant {
  const on = (source: Track.Source) => {
    const publication = person.getTrackPublication(source) as RemoteTrackPublication | undefined;
    return publication && !publication.isMuted ? publication : null;
  };
  const camera = on(Track.Source.Camera);
  const screen = on(Track.Source.ScreenShare);
  const microphone = person.getTrackPublication(Track.Source.Microphone) as
    | RemoteTrackPublication
    | undefined;
  const screenAudio = person.getTrackPublication(Track.Source.ScreenShareAudio) as typeof microphone;
  const now: CallParticipant = {
    ...describePerson(person),
    joinedAtMs: person.joinedAt?.getTime() ?? 0,
    hasVideo: camera !== null,
    hasAudio: microphone !== undefined && !microphone.isMuted,
    hasScreenShare: screen !== null,
    isMuted: microphone?.isMuted ?? true,
    isSpeaking: person.isSpeaking,
    isDominantSpeaker: person.identity === dominantId,
    // Until a new track arrives, for example after a reconnection, the last picture of the old track stays.
    camera: camera && (feedOf(camera, feeds) ?? before?.camera ?? null),
    screenShare: screen && (feedOf(screen, feeds) ?? before?.screenShare ?? null),
    audio: [microphone, screenAudio].flatMap((audio) => (audio && feedOf(audio, feeds)) ?? []),
  };
  return before && isSame(before, now) ? before : now;
}

function feedOf(publication: RemoteTrackPublication, feeds: WeakMap<Track, MediaFeed>): MediaFeed | null {
  const { track } = publication;
  if (!track) return null;
  const known = feeds.get(track);
  if (known) return known;
  const feed: MediaFeed = {
    id: `${publication.trackSid}-${track.mediaStreamID}`,
    attach(element) {
      track.attach(element);
      return () => void track.detach(element);
    },
  };
  feeds.set(track, feed);
  return feed;
}

function isSame(a: CallParticipant, b: CallParticipant): boolean {
  return (Object.keys(a) as (keyof CallParticipant)[]).every((key) => {
    const [before, now] = [a[key], b[key]];
    if (!Array.isArray(before) || !Array.isArray(now)) return before === now;
    return before.length === now.length && before.every((entry, at) => entry === now[at]);
  });
}
