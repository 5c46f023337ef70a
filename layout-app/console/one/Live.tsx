import { LivePicture } from '../LivePicture.tsx';
import { whyItWaits } from '../list/whyItWaits.ts';
import { duration } from '../parts/format.ts';
import { LayoutGlyph } from '../parts/LayoutGlyph.tsx';
import { useNow } from '../parts/useNow.ts';
import { cidOf, elapsedOf, hasPicture, type Recording } from '../recording.ts';
import { useWorkers } from '../workers/useWorkers.ts';

/** A recording that is not over: its picture of the last second, or why there is none. */
export function Live({ recording }: { readonly recording: Recording }) {
  const elapsed = elapsedOf(recording);
  return (
    <div className="screen" data-state={recording.state}>
      {hasPicture(recording) ? (
        <LivePicture id={recording.id} label={`The last second of ${cidOf(recording)}`}>
          <div className="screen-none">
            <LayoutGlyph name={recording.layout} />
            <p>The picture of the last second comes in a moment.</p>
          </div>
        </LivePicture>
      ) : (
        <div className="screen-none">
          <LayoutGlyph name={recording.audio_only ? 'sound' : recording.layout} />
          <Reason recording={recording} />
        </div>
      )}
      {elapsed !== null && (
        <span className="screen-clock figure" data-state={recording.state}>
          {duration(elapsed)}
        </span>
      )}
    </div>
  );
}

function Reason({ recording }: { readonly recording: Recording }) {
  const isWaiting = recording.state === 'queued';
  const workers = useWorkers(isWaiting);
  const nowMs = useNow(isWaiting);
  switch (recording.state) {
    case 'queued':
      return (
        <p>
          <b>Waits for a worker</b>
          <br />
          {whyItWaits(recording, workers, nowMs) ?? 'It begins when a worker takes it.'}
        </p>
      );
    case 'starting':
      return <p>The call is opened. The first picture comes when everybody is in it.</p>;
    case 'paused':
      return (
        <p>
          <b>Paused</b>
          <br />
          Nothing is captured. The file goes on when it is resumed.
        </p>
      );
    case 'stopping':
      return <p>The file is finished and stored.</p>;
    default:
      return <p>Only sound is recorded.</p>;
  }
}
