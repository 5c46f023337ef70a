import { type Ref, useState } from 'react';
import type { ListedFile } from '../recording.ts';

interface Props {
  readonly ref: Ref<HTMLVideoElement>;
  readonly file: ListedFile;
  /** The address of a picture that is shown until it plays. */
  readonly poster: string | null;
}

/** Plays a file. Browsers seek in it, since the server hands it out in parts. */
export function Player({ ref, file, poster }: Props) {
  const [isBroken, setBroken] = useState(false);
  // Each answer of the server has a link of its own; a new one would begin the file anew.
  const [address] = useState(file.url);
  if (isBroken)
    return (
      <div className="screen">
        <div className="screen-none" role="alert">
          <p>
            <b>This browser cannot play the file.</b>
            <br />
            It may not know {file.media_type}, or the file is gone from its storage. Try to download it.
          </p>
        </div>
      </div>
    );
  const isSound = file.media_type.startsWith('audio/');
  return (
    <div className="screen" data-sound={isSound}>
      {/* biome-ignore lint/a11y/useMediaCaption: recordings have none */}
      <video
        ref={ref}
        controls
        preload="metadata"
        playsInline
        poster={poster ?? undefined}
        src={address}
        onError={() => setBroken(true)}
      />
    </div>
  );
}
