// A layout app as they are written for the setupLayout contract, on @stream-io/video-react-sdk and its published
// stylesheet. It knows nothing of this project. Its calls need no server of that SDK: who is in the call is asked from the
// address in the option `people_url`, which is an option of the app's own.
import '@stream-io/video-react-sdk/dist/css/styles.css';
import {
  CallingState,
  DefaultParticipantViewUI,
  PaginatedGridLayout,
  ParticipantsAudio,
  ParticipantView,
  SfuModels,
  SpeakerLayout,
  StreamCall,
  StreamTheme,
  StreamVideo,
  StreamVideoClient,
  useCallStateHooks,
  useParticipantViewContext,
} from '@stream-io/video-react-sdk';
import { createContext, useContext, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { followPeople } from './followPeople.js';

/** Nobody may ever come, or their pictures may not play: then it is recorded after this time all the same. */
const READY_TIMEOUT_MS = 4_000;

const ReadyContext = createContext(() => {});

const LAYOUTS = { grid: Grid, spotlight: Spotlight, 'single-participant': SingleParticipant };

function Grid() {
  return (
    <PaginatedGridLayout
      ParticipantViewUI={<ReadyViewUI indicatorsVisible={false} showMenuButton={false} />}
      excludeLocalParticipant
      pageArrowsVisible={false}
      groupSize={20}
    />
  );
}

function Spotlight() {
  return (
    <SpeakerLayout
      ParticipantViewUISpotlight={<ReadyViewUI indicatorsVisible={false} showMenuButton={false} />}
      ParticipantViewUIBar={<DefaultParticipantViewUI indicatorsVisible={false} showMenuButton={false} />}
      excludeLocalParticipant
      pageArrowsVisible={false}
      participantsBarPosition="bottom"
      participantsBarLimit="dynamic"
    />
  );
}

function SingleParticipant() {
  const participants = useCallStateHooks().useRemoteParticipants();
  const view = <ReadyViewUI indicatorsVisible={false} showMenuButton={false} />;
  return (
    <>
      <ParticipantsAudio participants={participants} />
      {participants[0] && (
        <ParticipantView participant={participants[0]} muteAudio ParticipantViewUI={view} />
      )}
    </>
  );
}

/** Tells that the app may be recorded once a picture plays, or once a placeholder stands for a camera that is off. */
function ReadyViewUI(props) {
  const ready = useContext(ReadyContext);
  const { participant, videoElement, videoPlaceholderElement } = useParticipantViewContext();
  const hasVideo = participant.publishedTracks.includes(SfuModels.TrackType.VIDEO);
  useEffect(() => {
    if (!hasVideo && videoPlaceholderElement) ready();
    if (!hasVideo || !videoElement) return;
    if (videoElement.currentTime > 0) ready();
    videoElement.addEventListener('play', ready, { once: true });
    return () => videoElement.removeEventListener('play', ready);
  }, [hasVideo, videoElement, videoPlaceholderElement, ready]);
  return <DefaultParticipantViewUI {...props} />;
}

function ReadyMarker({ children }) {
  const [isReady, setReady] = useState(false);
  const [ready] = useState(() => () => setReady(true));
  const callingState = useCallStateHooks().useCallCallingState();
  useEffect(() => {
    if (callingState !== CallingState.JOINED) return;
    const timer = setTimeout(ready, READY_TIMEOUT_MS);
    return () => clearTimeout(timer);
  }, [callingState, ready]);
  return (
    <ReadyContext.Provider value={ready}>
      {children}
      {isReady && <span id="egress-ready-for-capture" />}
    </ReadyContext.Provider>
  );
}

window.setupLayout = (config) => {
  const { api_key = 'no-key', call_type, call_id, layout, ext_css, options, test_environment } = config;
  const client = new StreamVideoClient(api_key, { clientEventsReportingEnabled: false });
  const call = client.call(call_type, call_id);
  client.writeableStateStore.registerCall(call);
  call.state.setCallingState(CallingState.JOINED);
  followPeople(options.people_url, test_environment.participants, (people) =>
    call.state.setParticipants(people),
  );
  if (ext_css) {
    const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: ext_css });
    document.head.append(link);
  }
  const Layout = LAYOUTS[layout] ?? Spotlight;
  createRoot(document.getElementById('root')).render(
    <StreamVideo client={client}>
      <StreamCall call={call}>
        <StreamTheme as="div">
          <ReadyMarker>
            <div className="layout">
              <Layout />
            </div>
          </ReadyMarker>
        </StreamTheme>
      </StreamCall>
    </StreamVideo>,
  );
};
