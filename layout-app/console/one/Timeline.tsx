import { duration } from '../parts/format.ts';
import type { Recording } from '../recording.ts';

interface Props {
  readonly recording: Recording;
  readonly durationS: number;
  readonly onSeek: (seconds: number) => void;
}

interface Mark {
  readonly kind: 'gap' | 'pause' | 'warning';
  readonly fromS: number;
  readonly untilS: number;
  readonly text: string;
}

/** Where in the recording something is missing or was warned of; each mark leads to its place. */
export function Timeline({ recording, durationS, onSeek }: Props) {
  const marks = marksOf(recording, durationS);
  if (marks.length === 0 || durationS <= 0) return null;
  const share = (seconds: number) => `${(Math.min(seconds, durationS) / durationS) * 100}%`;
  return (
    <fieldset className="timeline" aria-label="What happened when">
      {marks.map(({ kind, fromS, untilS, text }) => (
        <button
          key={`${kind} ${fromS} ${text}`}
          type="button"
          data-kind={kind}
          title={text}
          aria-label={text}
          style={{ left: share(fromS), width: share(untilS - fromS) }}
          onClick={() => onSeek(Math.max(0, fromS - 1))}
        />
      ))}
    </fieldset>
  );
}

function marksOf({ gaps, pauses, warnings }: Recording, durationS: number): Mark[] {
  return [
    ...gaps.map(({ from_s, until_s, reason }): Mark => {
      const untilS = until_s ?? durationS;
      return { kind: 'gap', fromS: from_s, untilS, text: `Gap at ${duration(from_s)}: ${reason}` };
    }),
    ...pauses.map(({ from_s, until_s, lasted_s }): Mark => {
      const long = lasted_s === null ? 'until the end' : `for ${duration(lasted_s)}`;
      const text = `Paused at ${duration(from_s)}, ${long}`;
      return { kind: 'pause', fromS: from_s, untilS: until_s ?? durationS, text };
    }),
    ...warnings.flatMap(({ at_s, until_s, message }): Mark[] =>
      at_s === null
        ? []
        : [{ kind: 'warning', fromS: at_s, untilS: until_s ?? at_s, text: `${duration(at_s)}: ${message}` }],
    ),
  ];
}
