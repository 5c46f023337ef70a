import { type CSSProperties, useState } from 'react';
import type { CallParticipant } from '../call/call.ts';
import { avatarHue, initialsOf } from './initials.ts';

interface Props {
  readonly participant: CallParticipant;
  readonly isScreen: boolean;
  /** Called when the image is loaded or has failed. */
  readonly onSettled: () => void;
}

/** What a tile shows while there is no video: the person's image, or their initials if there is no image. */
export function Placeholder({ participant, isScreen, onSettled }: Props) {
  const { imageUrl, name } = participant;
  const [brokenUrl, setBrokenUrl] = useState<string | null>(null);
  if (isScreen) return <div className="str-video__video-placeholder" />;
  return (
    <div className="str-video__video-placeholder">
      {imageUrl && imageUrl !== brokenUrl ? (
        <img
          className="str-video__video-placeholder__avatar"
          src={imageUrl}
          alt=""
          onLoad={onSettled}
          onError={() => {
            setBrokenUrl(imageUrl);
            onSettled();
          }}
        />
      ) : (
        <div
          className="str-video__video-placeholder__initials-fallback"
          style={{ '--avatar-hue': avatarHue(name) } as CSSProperties}
        >
          {initialsOf(name)}
        </div>
      )}
    </div>
  );
}
