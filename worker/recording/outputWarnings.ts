import type { Outputs } from '../outputs/createOutputs.ts';
import type { Journal } from './journal.ts';

/** Warns once of each output that has failed while others go on. */
export function warnOfFailedOutputs(
  outputs: Pick<Outputs, 'newFailures'>,
  journal: Pick<Journal, 'warn'>,
  atS: number | null = null,
): void {
  for (const output of outputs.newFailures()) {
    const message = `The output ${output.request.name} failed: ${output.failure()?.message}`;
    journal.warn({ code: 'output_failed', message, at_s: atS });
  }
}
