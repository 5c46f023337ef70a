import { LivePicture } from '../LivePicture.tsx';
import { bytes, duration, moment, several } from '../parts/format.ts';
import { LayoutGlyph } from '../parts/LayoutGlyph.tsx';
import { StateBadge } from '../parts/StateBadge.tsx';
import {
  cidOf,
  elapsedOf,
  framesOf,
  groupOf,
  hasPicture,
  type Recording,
  sizeOf,
  starterOf,
} from '../recording.ts';
import { hashOf } from '../route.ts';
import type { Filter } from '../store/recordingStore.ts';

interface Props {
  readonly recording: Recording;
  readonly filter: Filter;
  readonly isChosen: boolean;
  /** Why it waits, where that is known. */
  readonly reason: string | null;
  readonly nowMs: number;
}

/** A recording in the list; it leads to all that is known of it. */
export function RecordingRow({ recording, filter, isChosen, reason, nowMs }: Props) {
  const { id, call_type, call_id, state } = recording;
  const elapsed = elapsedOf(recording);
  const size = sizeOf(recording);
  const isWaiting = groupOf(recording) === 'waiting';
  const glyph = <LayoutGlyph name={recording.audio_only ? 'sound' : recording.layout} />;
  const waitedS = (nowMs - Date.parse(recording.created_at)) / 1000;
  return (
    <a
      className="row"
      href={hashOf({ id, filter })}
      aria-current={isChosen ? 'true' : undefined}
      data-state={state}
    >
      <span className="thumb" data-live={state === 'recording'}>
        {hasPicture(recording) ? (
          <LivePicture id={id} label={`${cidOf(recording)} as it is now`}>
            {glyph}
          </LivePicture>
        ) : (
          glyph
        )}
      </span>
      <span className="row-main">
        <span className="row-name">
          <b>{call_id}</b> <span className="quiet">{call_type}</span>
        </span>
        <span className="row-facts">
          <StateBadge state={state} />
          <span className="quiet row-what">{isWaiting && reason ? reason : whatOf(recording)}</span>
        </span>
      </span>
      <span className="row-side">
        <b className="figure">{isWaiting ? duration(waitedS) : elapsed === null ? '' : duration(elapsed)}</b>
        <span className="quiet figure">{size === null ? moment(recording.created_at) : bytes(size)}</span>
      </span>
    </a>
  );
}

/** What is worth knowing at a glance: what went wrong, or else who started it. */
function whatOf(recording: Recording): string {
  const { error, warnings, gaps } = recording;
  if (error) return error.message;
  const dropped = framesOf(recording)?.dropped ?? 0;
  const wrong = [
    gaps.length > 0 && several(gaps.length, 'gap'),
    warnings.length > 0 && several(warnings.length, 'warning'),
    dropped > 0 && `${dropped} dropped`,
  ].filter(Boolean);
  const by = `by ${starterOf(recording)}`.replace('by started', 'started');
  // How long one that runs has been running is shown beside it.
  const facts =
    groupOf(recording) === 'running' ? [...wrong, by] : [moment(recording.created_at), by, ...wrong];
  return facts.join(' · ');
}
