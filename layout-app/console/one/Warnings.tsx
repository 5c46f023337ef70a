import { duration } from '../parts/format.ts';
import type { Recording } from '../recording.ts';

/** What a person should know although the recording goes on, as it comes. */
export function Warnings({ warnings }: Pick<Recording, 'warnings'>) {
  return (
    <section className="part" aria-label="Warnings" data-empty={warnings.length === 0}>
      {warnings.length > 0 && (
        <h2>
          Warnings <span className="quiet">{warnings.length}</span>
        </h2>
      )}
      <ol className="warnings" aria-live="polite">
        {warnings.map(({ code, message, at_s, until_s }) => (
          <li key={`${code} ${at_s} ${until_s} ${message}`}>
            <span className="when figure">{timesOf(at_s, until_s)}</span>
            <span>
              {message} <code>{code}</code>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function timesOf(atS: number | null, untilS: number | undefined): string {
  if (atS === null) return 'before';
  return untilS === undefined ? duration(atS) : `${duration(atS)}–${duration(untilS)}`;
}
