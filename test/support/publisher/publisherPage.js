// The functions that `startBrowserPublishers` calls in its tab. All participants share this one tab, because
// a browser slows down the timers of every tab except the one in front.
import { drawCamera } from './drawCamera.js';
import { drawScreen } from './drawScreen.js';
import { playTone } from './playTone.js';
import { prepareCamera } from './preparedCamera.js';
import { receive } from './receive.js';

const { ExternalE2EEKeyProvider, ParticipantEvent, Room, Track, VideoPreset } = window.LivekitClient;

// A slow camera costs little, so that the machine is there for what is tested.
const CAMERA = { widthPx: 640, heightPx: 360, framesPerSecond: 10, bitrateBps: 500_000 };
const SCREEN = { widthPx: 960, heightPx: 600, framesPerSecond: 10, bitrateBps: 1_200_000 };
const SOURCES = { camera: Track.Source.Camera, microphone: Track.Source.Microphone };

const participants = new Map();

async function join({
  url,
  token,
  identity,
  name,
  hueDeg,
  toneHz,
  e2eeKey,
  framesPerSecond = CAMERA.framesPerSecond,
  size: givenSize,
  isPrepared = false,
  camera: hasCamera = true,
}) {
  // With dynacast, layers that nobody watches are not encoded. Real clients do the same, and it saves CPU
  // time.
  const room = e2eeKey ? await openEncryptedRoom(e2eeKey) : new Room({ dynacast: true });
  const rtcConfig = isPrepared ? { rtcConfig: { encodedInsertableStreams: true } } : {};
  await room.connect(url, token, { autoSubscribe: false, ...rtcConfig });
  const size = { ...CAMERA, framesPerSecond, ...givenSize };
  const draw = isPrepared ? prepareCamera : drawCamera;
  const camera = hasCamera ? await draw({ name, hueDeg, ...size }) : null;
  const tone = playTone(toneHz);
  participants.set(identity, { room, camera, tone, stopScreen: () => {} });
  if (isPrepared) room.localParticipant.on(ParticipantEvent.LocalSenderCreated, sendAsPrepared(camera));
  if (camera) await publishCamera(room, camera, size);
  // Without DTX and RED, a tone arrives as steadily as it was sent.
  await room.localParticipant.publishTrack(tone.track, {
    source: Track.Source.Microphone,
    dtx: false,
    red: false,
  });
}

async function openEncryptedRoom(key) {
  const keyProvider = new ExternalE2EEKeyProvider();
  await keyProvider.setKey(key);
  const worker = new Worker('/livekit-client.e2ee.worker.js');
  const room = new Room({ dynacast: true, encryption: { keyProvider, worker } });
  await room.setE2EEEnabled(true);
  return room;
}

/**
 * What is to be done with each new sender of somebody with a prepared camera. Chromium sends what it encodes itself if it is not
 * told otherwise as soon as there is a sender; and a connection of this kind sends no sound that is not passed on.
 */
function sendAsPrepared(camera) {
  return (sender, { kind }) => {
    if (kind === Track.Kind.Video) return camera.send(sender);
    const { readable, writable } = sender.createEncodedStreams();
    readable.pipeTo(writable);
  };
}

async function publishCamera(room, { track, send }, { bitrateBps, framesPerSecond }) {
  await room.localParticipant.publishTrack(track, {
    source: Track.Source.Camera,
    videoCodec: 'vp8',
    simulcast: send === undefined,
    videoEncoding: { maxBitrate: bitrateBps, maxFramerate: framesPerSecond },
    videoSimulcastLayers: [new VideoPreset(320, 180, 120_000, framesPerSecond)],
  });
}

async function shareScreen({ identity, hueDeg }) {
  const participant = present(identity);
  const screen = drawScreen({ hueDeg, ...SCREEN });
  participant.stopScreen();
  participant.stopScreen = screen.stop;
  await participant.room.localParticipant.publishTrack(screen.track, {
    source: Track.Source.ScreenShare,
    videoCodec: 'vp8',
    simulcast: false,
    screenShareEncoding: { maxBitrate: SCREEN.bitrateBps, maxFramerate: SCREEN.framesPerSecond },
  });
}

async function stopSharing({ identity }) {
  const { room, stopScreen } = present(identity);
  const shared = room.localParticipant.getTrackPublication(Track.Source.ScreenShare);
  if (!shared) throw new Error(`${identity} shares no screen`);
  await room.localParticipant.unpublishTrack(shared.track, true);
  stopScreen();
}

async function setMuted({ identity, source, muted }) {
  const publication = present(identity).room.localParticipant.getTrackPublication(SOURCES[source]);
  await (muted ? publication.mute() : publication.unmute());
}

async function leave({ identity }) {
  const { room, camera, tone, stopScreen } = present(identity);
  participants.delete(identity);
  await room.disconnect();
  for (const stop of [camera?.stop, tone.stop, stopScreen]) stop?.();
}

async function leaveAll() {
  await Promise.all([...participants.keys()].map((identity) => leave({ identity })));
}

function present(identity) {
  const participant = participants.get(identity);
  if (!participant) throw new Error(`${identity} is not in the call`);
  return participant;
}

window.publisherPage = { join, shareScreen, stopSharing, setMuted, leave, leaveAll, receive };
