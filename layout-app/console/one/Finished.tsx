import { useCallback, useRef, useState } from 'react';
import { bytes } from '../parts/format.ts';
import { LayoutGlyph } from '../parts/LayoutGlyph.tsx';
import type { ListedFile, Recording } from '../recording.ts';
import { ContactSheet } from './ContactSheet.tsx';
import { Failure } from './Failure.tsx';
import { Missing } from './Missing.tsx';
import { Player } from './Player.tsx';
import { Timeline } from './Timeline.tsx';

/** A recording that is over: its file to play and to download, its pictures, and what is missing. */
export function Finished({ recording }: { readonly recording: Recording }) {
  const [chosen, choose] = useState(0);
  const media = useRef<HTMLVideoElement>(null);
  const file = recording.files[chosen] ?? recording.files[0];
  const seek = useCallback((seconds: number) => {
    if (media.current) media.current.currentTime = seconds;
    media.current?.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  }, []);
  const [poster, setPoster] = useState<string | null>(null);
  if (!file) return <NoFile recording={recording} />;
  const isVideo = file.media_type.startsWith('video/');
  return (
    <>
      <Player ref={media} key={`player of ${file.filename}`} file={file} poster={poster} />
      <Timeline recording={recording} durationS={file.duration_s} onSeek={seek} />
      {recording.files.length > 1 && (
        <fieldset className="chips" aria-label="Which file">
          {recording.files.map((one, at) => (
            <button
              key={one.filename}
              type="button"
              className="chip"
              aria-pressed={one === file}
              onClick={() => {
                setPoster(null);
                choose(at);
              }}
            >
              {one.name} <span className="quiet">{bytes(one.size_bytes)}</span>
            </button>
          ))}
        </fieldset>
      )}
      <Missing recording={recording} file={file} />
      {isVideo && (
        <ContactSheet key={`pictures of ${file.filename}`} file={file} onSeek={seek} onPoster={setPoster} />
      )}
    </>
  );
}

function NoFile({ recording }: { readonly recording: Recording }) {
  const { error, state } = recording;
  return (
    <>
      <div className="screen">
        <div className="screen-none">
          <LayoutGlyph name={recording.layout} />
          <p>
            {state === 'absent' ? 'It ended before there was anything to record.' : 'No file was stored.'}
          </p>
        </div>
      </div>
      {error && <Failure error={error} />}
    </>
  );
}

/** The name under which a browser saves a file. */
export function savedAs(recording: Recording, file: ListedFile): string {
  const ending = /\.[\w]+$/.exec(file.filename)?.[0] ?? '';
  const day = recording.created_at.slice(0, 16).replace(/[T:]/g, '-');
  return `${recording.call_id}-${day}${ending}`.replaceAll(/[^\w.-]+/g, '_');
}
