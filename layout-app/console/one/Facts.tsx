import { bytes, count, duration } from '../parts/format.ts';
import { elapsedOf, framesOf, isOver, type Recording, sizeOf } from '../recording.ts';

const END_REASONS: Readonly<Record<string, string>> = {
  stopped: 'Somebody stopped it',
  call_ended: 'The call ended',
  max_duration: 'It was as long as it may be',
  call_empty: 'Everybody had left',
  max_size: 'Its files were as large as they may be',
  tenant_minutes: 'The minutes of the month were used up',
  worker_shutdown: 'Its worker was shut down',
};

/** The figures of a recording, and what was asked for. */
export function Facts({ recording }: { readonly recording: Recording }) {
  const frames = framesOf(recording);
  const elapsed = elapsedOf(recording);
  const size = sizeOf(recording);
  const over = isOver(recording);
  const figures: readonly (readonly [string, string | null])[] = [
    [over ? 'Length' : 'Elapsed', elapsed === null ? null : duration(elapsed)],
    ['Frames', frames === null || recording.audio_only ? null : count(frames.frames)],
    ['Dropped', frames === null || recording.audio_only ? null : count(frames.dropped)],
    ['Size', size === null ? null : bytes(size)],
  ];
  const asked: readonly (readonly [string, string | null])[] = [
    ['Quality', recording.audio_only ? 'Sound alone' : recording.quality],
    ['Layout', recording.audio_only ? null : recording.layout],
    ['Storage', recording.storage ?? 'Standard'],
    ['Worker', over ? null : (recording.worker ?? null)],
    ['Ended', recording.end_reason && (END_REASONS[recording.end_reason] ?? recording.end_reason)],
    ['Id', recording.id],
  ];
  return (
    <section className="facts" aria-label="Figures">
      <dl className="figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="figure">{value ?? '–'}</dd>
          </div>
        ))}
      </dl>
      <dl className="asked">
        {asked
          .filter(([, value]) => value !== null)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}
