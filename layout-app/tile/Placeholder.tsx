import type { CSSProperties } from 'react';
import type { CallParticipant } from '../call/call.ts';
import { avatarHue, initialsOf } from './initials.ts';

interface Props {
  readonly participant: CallParticipant;
  readonly isScreen: boolean;
}

/** What a tile shows while there is no video: the person's image, or their initials. */
export function Placeholder({ participant, isScreen }: Props) {
  const { imageUrl, name } = participant;
  if (isScreen) return <div className="str-video__video-placeholder" />;
  return (
    <div className="str-video__video-placeholder">
      {imageUrl ? (
        <img className="str-video__video-placeholder__avatar" src={imageUrl} alt="" />
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
