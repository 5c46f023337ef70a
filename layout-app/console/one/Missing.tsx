import { duration, percent, several } from '../parts/format.ts';
import type { ListedFile, Recording } from '../recording.ts';
import { Failure } from './Failure.tsx';

interface Props {
  readonly recording: Recording;
  readonly file: ListedFile;
}

/** What is missing of the call in the file, in words. */
export function Missing({ recording, file }: Props) {
  const { gaps, pauses, error } = recording;
  const lostS = gaps.reduce((sum, { from_s, until_s }) => sum + (until_s ?? file.duration_s) - from_s, 0);
  const pausedS = pauses.reduce((sum, { lasted_s }) => sum + (lasted_s ?? 0), 0);
  const isWhole = gaps.length === 0 && error === null;
  return (
    <>
      {error && <Failure error={error} />}
      <div className="missing" data-kind={isWhole ? 'good' : 'wrong'}>
        <b>{isWhole ? 'Nothing is missing' : missingOf(gaps.length, lostS)}</b>
        <p className="quiet">
          {file.dropped_frames === 0
            ? 'No frame was dropped.'
            : `${several(file.dropped_frames, 'frame')} of ${several(file.frames, 'frame')} dropped (${percent(
                file.dropped_frames / Math.max(1, file.frames),
              )}): the picture before is shown on for that long.`}
          {pauses.length > 0 && ` Paused ${timesOf(pauses.length)}, for ${duration(pausedS)} in all.`}
        </p>
        {gaps.map(({ from_s, until_s, reason }) => (
          <p key={from_s}>
            {duration(from_s)} – {until_s === null ? 'the end' : duration(until_s)}: {reason}
          </p>
        ))}
      </div>
    </>
  );
}

function missingOf(gaps: number, lostS: number): string {
  if (gaps === 0) return 'It ended before its time';
  return `${lostS.toFixed(1)} s are missing, in ${several(gaps, 'gap')}`;
}

function timesOf(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
