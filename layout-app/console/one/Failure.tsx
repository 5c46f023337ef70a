import type { Recording } from '../recording.ts';

/** Why it failed, and what to do. */
export function Failure({ error }: { readonly error: NonNullable<Recording['error']> }) {
  return (
    <div className="missing" data-kind="wrong">
      <b>{error.message}</b>
      <p>{error.help}</p>
    </div>
  );
}
