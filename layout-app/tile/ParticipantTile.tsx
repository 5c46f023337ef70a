import { memo, useCallback, useEffect, useInsertionEffect, useState } from 'react';
import type { CallParticipant } from '../call/call.ts';
import { NameLabel } from './NameLabel.tsx';
import { Placeholder } from './Placeholder.tsx';
import type { TileLook } from './tileLook.ts';
import { VideoTrack } from './VideoTrack.tsx';

interface Props {
  /** The element of the tile. It is made where tiles are placed, and filled and described here. */
  readonly element: HTMLElement;
  readonly participant: CallParticipant;
  readonly kind: 'camera' | 'screen';
  readonly tileKey: string;
  readonly look: TileLook;
  /** Called when the tile shows its content: the first frame of the video, or the placeholder. */
  readonly onPainted: (tileKey: string) => void;
}

/** What is in the tile of one person's camera or shared screen: a video or a placeholder, and a label. */
export const ParticipantTile = memo(function ParticipantTile(props: Props) {
  const { element, participant, kind, tileKey, look, onPainted } = props;
  const isScreen = kind === 'screen';
  const feed = isScreen ? participant.screenShare : participant.camera;
  const hasVideo = isScreen ? participant.hasScreenShare : participant.hasVideo;
  const [paintedFeedId, setPaintedFeedId] = useState<string | null>(null);
  const isPainted = feed !== null && paintedFeedId === feed.id;
  const onEmptied = useCallback(() => setPaintedFeedId(null), []);
  const [isPlaceholderSettled, setPlaceholderSettled] = useState(!participant.imageUrl);
  const isDone = isPainted || (!hasVideo && (isPlaceholderSettled || isScreen));
  useEffect(() => {
    if (isDone) onPainted(tileKey);
  }, [isDone, onPainted, tileKey]);
  useDescription(element, participant, kind);
  return (
    <>
      {feed && (
        <VideoTrack
          key={feed.id}
          feed={feed}
          isScreen={isScreen}
          isPlaying={isPainted}
          look={look}
          onFirstFrame={setPaintedFeedId}
          onEmptied={onEmptied}
        />
      )}
      {!isPainted && (
        <Placeholder
          participant={participant}
          isScreen={isScreen}
          onSettled={() => setPlaceholderSettled(true)}
        />
      )}
      {look.hasLabel && <NameLabel participant={participant} isScreen={isScreen} look={look} />}
    </>
  );
});

/** Gives the element of a tile its class names and attributes, before anything in it looks at its computed style. */
function useDescription(element: HTMLElement, participant: CallParticipant, kind: 'camera' | 'screen'): void {
  useInsertionEffect(() => {
    element.className = classNames(participant, kind === 'screen');
    const { id, isSpeaking } = participant;
    Object.assign(element.dataset, {
      testid: 'participant-view',
      participantId: id,
      speaking: String(isSpeaking),
      kind,
    });
  }, [element, participant, kind]);
}

function classNames(participant: CallParticipant, isScreen: boolean): string {
  const hasVideo = isScreen ? participant.hasScreenShare : participant.hasVideo;
  const isSpeaking = participant.isSpeaking && !isScreen;
  return [
    'str-video__participant-view',
    isSpeaking && 'str-video__participant-view--speaking',
    participant.isDominantSpeaker && !isScreen && 'str-video__participant-view--dominant-speaker',
    !hasVideo && 'str-video__participant-view--no-video',
    !participant.hasAudio && 'str-video__participant-view--no-audio',
    isScreen && 'str-video__participant-view--screen-share',
  ]
    .filter(Boolean)
    .join(' ');
}
