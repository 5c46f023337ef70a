// A layout app as they are written for the template contract, on @livekit/egress-sdk and livekit-client. It knows nothing
// of this project. Like the template apps that are published, it starts when the first picture is decoded, shows nothing
// while nobody has a camera track, and ends when the server disconnects it.
import egressSdk from '@livekit/egress-sdk';
import { type RemoteTrackPublication, Room, RoomEvent, Track } from 'livekit-client';
import { useEffect, useReducer, useRef } from 'react';
import { createRoot } from 'react-dom/client';

// The package is CommonJS, whose default export is a field in a module that is imported as in Node.
const EgressHelper = egressSdk.default;

const CHANGES = [
  RoomEvent.ParticipantConnected,
  RoomEvent.ParticipantDisconnected,
  RoomEvent.TrackSubscribed,
  RoomEvent.TrackUnsubscribed,
  RoomEvent.TrackMuted,
  RoomEvent.TrackUnmuted,
  RoomEvent.ActiveSpeakersChanged,
  RoomEvent.Reconnected,
] as const;
const START_CHECK_MS = 100;
/** People without a camera are recorded after this time, and people whose camera does not decode after the other. */
const NO_CAMERA_MS = 500;
const DECODE_TIMEOUT_MS = 5_000;

interface Seat {
  readonly id: string;
  readonly name: string;
  readonly camera: RemoteTrackPublication;
}

function RoomView({ room, layout }: { readonly room: Room; readonly layout: string }) {
  const [, render] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    for (const change of CHANGES) room.on(change, render);
    return () => {
      for (const change of CHANGES) room.off(change, render);
    };
  }, [room]);
  const seats = seatsOf(room);
  const columns = Math.ceil(Math.sqrt(seats.length));
  const style = layout.startsWith('grid')
    ? { gridTemplateColumns: `repeat(${columns}, 1fr)`, gridAutoRows: '1fr' }
    : {};
  const shown = layout.startsWith('single-speaker')
    ? seats.slice(0, 1)
    : layout.startsWith('speaker')
      ? seats.slice(0, 4)
      : seats;
  const names = `room ${layout.startsWith('speaker') ? 'speaker' : ''} ${layout.endsWith('-light') ? 'light' : ''}`;
  return (
    <main className={names} style={style}>
      {shown.map((seat) => (
        <Tile key={seat.id} {...seat} />
      ))}
    </main>
  );
}

function Tile({ name, camera }: Seat) {
  const video = useRef<HTMLVideoElement>(null);
  const { track, isMuted } = camera;
  useEffect(() => {
    const element = video.current;
    if (!element || !track || isMuted) return;
    track.attach(element);
    return () => void track.detach(element);
  }, [track, isMuted]);
  return (
    <div className="tile">
      {isMuted ? null : <video ref={video} muted autoPlay playsInline />}
      <span>{name}</span>
    </div>
  );
}

/** Everybody who publishes a camera, muted or not; the one who speaks comes first. */
function seatsOf(room: Room): Seat[] {
  const speaker = room.activeSpeakers[0]?.identity;
  return [...room.remoteParticipants.values()]
    .flatMap((person) => {
      const camera = person.getTrackPublication(Track.Source.Camera) as RemoteTrackPublication | undefined;
      return camera?.track ? [{ id: person.identity, name: String(person.name), camera }] : [];
    })
    .sort((a, b) => Number(b.id === speaker) - Number(a.id === speaker) || (a.id < b.id ? -1 : 1));
}

/** The rule of the published templates: a decoded picture, or sound alone, or tracks that do not decode in time. */
function startWhenSeen(room: Room): void {
  const startedAtMs = performance.now();
  const timer = setInterval(async () => {
    const tracks = [...room.remoteParticipants.values()].flatMap((person) => [
      ...person.trackPublications.values(),
    ]);
    const waitedMs = performance.now() - startedAtMs;
    const isSubscribed = tracks.some((track) => track.isSubscribed);
    const cameras = tracks.filter(({ kind }) => kind === Track.Kind.Video);
    const isLate = waitedMs > (cameras.length === 0 ? NO_CAMERA_MS : DECODE_TIMEOUT_MS);
    if (!(isSubscribed && isLate) && !(await anyDecodes(cameras))) return;
    clearInterval(timer);
    EgressHelper.startRecording();
  }, START_CHECK_MS);
}

async function anyDecodes(cameras: readonly { videoTrack?: Track | undefined }[]): Promise<boolean> {
  for (const { videoTrack } of cameras) {
    const stats = await videoTrack?.getRTCStatsReport();
    if ([...(stats?.values() ?? [])].some(({ framesDecoded }) => framesDecoded > 0)) return true;
  }
  return false;
}

async function main(): Promise<void> {
  const room = new Room({ adaptiveStream: true });
  const root = createRoot(document.getElementById('root') as HTMLElement);
  const show = (layout: string) => root.render(<RoomView room={room} layout={layout} />);
  EgressHelper.onLayoutChanged(show);
  room.on(RoomEvent.TrackSubscribed, (track) => {
    if (track.kind === Track.Kind.Audio) track.attach();
  });
  try {
    EgressHelper.setRoom(room);
    await room.connect(EgressHelper.getLiveKitURL(), EgressHelper.getAccessToken());
  } catch (error) {
    root.render(<div className="error">{String(error)}</div>);
    return;
  }
  startWhenSeen(room);
  show(EgressHelper.getLayout());
}

void main();
