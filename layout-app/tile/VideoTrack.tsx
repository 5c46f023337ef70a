import { useEffect, useRef, useState } from 'react';
import type { MediaFeed } from '../call/call.ts';
import type { TileLook } from './tileLook.ts';

interface Props {
  readonly feed: MediaFeed;
  readonly isScreen: boolean;
  /** Whether its first frame is painted. */
  readonly isPlaying: boolean;
  readonly look: TileLook;
  readonly onFirstFrame: (feedId: string) => void;
  /** Called when the picture is lost, for example because a connection broke. */
  readonly onEmptied: () => void;
}

/** Plays a video feed. It tells when the first frame is painted, and when the picture is lost. */
export function VideoTrack({ feed, isScreen, isPlaying, look, onFirstFrame, onEmptied }: Props) {
  const video = useRef<HTMLVideoElement>(null);
  const [isTall, setTall] = useState(false);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    const awaitFrame = () => element.requestVideoFrameCallback(() => onFirstFrame(feed.id));
    let callback = awaitFrame();
    const empty = () => {
      element.cancelVideoFrameCallback(callback);
      callback = awaitFrame();
      onEmptied();
    };
    element.addEventListener('emptied', empty);
    const detach = feed.attach(element);
    const release = window.callCompositor?.compose?.(element);
    // Fails if the element is detached or the browser blocks autoplay; the attribute `autoPlay` then tries again.
    element.play().catch(() => {});
    return () => {
      element.removeEventListener('emptied', empty);
      element.cancelVideoFrameCallback(callback);
      release?.();
      detach();
    };
  }, [feed, onFirstFrame, onEmptied]);
  const classes = [
    'str-video__video',
    isScreen && 'str-video__video--screen-share',
    look.isMirrored && !isScreen && 'str-video__video--mirror',
    isTall && 'str-video__video--tall',
    !isPlaying && 'str-video__video--not-playing',
  ];
  return (
    <video
      ref={video}
      className={classes.filter(Boolean).join(' ')}
      onResize={({ currentTarget }) => setTall(currentTarget.videoHeight > currentTarget.videoWidth)}
      autoPlay
      muted
      playsInline
    />
  );
}
