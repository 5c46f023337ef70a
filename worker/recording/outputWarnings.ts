import type { Outputs } from '../outputs/createOutputs.ts';
import type { Journal } from './journal.ts';

/** Warns once of each output that has failed while others go on, in however many workers the recording is. */
export function warnOfFailedOutputs(
  outputs: Pick<Outputs, 'newFailures'>,
  journal: Pick<Journal, 'warn' | 'soFar'>,
  atS: number | null = null,
): void {
  for (const output of outputs.newFailures()) {
    const beginning = `The output ${output.request.name} failed: `;
    const isTold = journal
      .soFar()
      .warnings.some(({ code, message }) => code === 'output_failed' && message.startsWith(beginning));
    if (isTold) continue; // an output fails once, and an earlier worker has seen it
    journal.warn({ code: 'output_failed', message: `${beginning}${output.failure()?.message}`, at_s: atS });
  }
}
