import { useEffect, useRef } from 'react';
import type { CallParticipant, MediaFeed } from '../call/call.ts';

/** Plays the sound of every participant, shown or not: one audio element for each track, as long as the track lasts. */
export function AudioMix({ participants }: { readonly participants: readonly CallParticipant[] }) {
  const feeds = participants.flatMap(({ id, audio }) =>
    audio.map((feed) => ({ key: `${id} ${feed.id}`, feed })),
  );
  return feeds.map(({ key, feed }) => <AudioTrack key={key} feed={feed} />);
}

function AudioTrack({ feed }: { readonly feed: MediaFeed }) {
  const audio = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    if (!audio.current) return;
    return feed.attach(audio.current);
  }, [feed]);
  // biome-ignore lint/a11y/useMediaCaption: a live call has no captions
  return <audio ref={audio} autoPlay />;
}
