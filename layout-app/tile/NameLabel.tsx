import { useRef } from 'react';
import type { CallParticipant } from '../call/call.ts';
import { useHalo } from '../theme/useHalo.ts';
import type { TileLook } from './tileLook.ts';

interface Props {
  readonly participant: CallParticipant;
  readonly isScreen: boolean;
  readonly look: TileLook;
}

/** The name of a participant, and whether they are muted. */
export function NameLabel({ participant, isScreen, look }: Props) {
  const { name, isMuted } = participant;
  const label = useRef<HTMLDivElement>(null);
  useHalo(label);
  return (
    <div
      ref={label}
      className="str-video__participant-details"
      data-horizontal={look.labelHorizontal}
      data-vertical={look.labelVertical}
    >
      <span className="str-video__participant-details__name">
        <bdi className="eca__name">{name}</bdi>
        {isScreen && <Icon className="eca__screen-icon" path={SCREEN_PATH} />}
        {isMuted && !isScreen && (
          <Icon className="str-video__participant-details__name--audio-muted" path={MUTED_PATH} />
        )}
      </span>
    </div>
  );
}

const MUTED_PATH =
  'M9 9V6a3 3 0 0 1 6 0v5M9 9v2a3 3 0 0 0 5 2.2M5.5 11a6.5 6.5 0 0 0 11 4.7M18.5 11c0 .8-.1 1.5-.4 2.2M12 17.5V21M4 4l16 16';
const SCREEN_PATH = 'M4 5h16v11H4zM9 20h6M12 16v4';

/** The icon is drawn twice: first as a halo, like that of the letters, and then as itself. */
function Icon({ className, path }: { readonly className: string; readonly path: string }) {
  return (
    <svg className={className} viewBox="0 0 24 24" aria-hidden="true">
      <path className="eca__icon-halo" d={path} />
      <path d={path} />
    </svg>
  );
}
