import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { RecordingResult } from '../../shared/events/recordingEvents.ts';
import { InvalidRequestError, parseJobText } from '../../shared/request/parseRecordingRequest.ts';
import { checkRecordingJob } from '../client/checkRecordingJob.ts';
import { buildResult } from '../recording/buildResult.ts';
import { asRecordingError, messageOf, RecordingError } from '../recordingError.ts';
import { readWorkerConfig } from '../workerConfig.ts';
import { printable } from './printable.ts';
import { printProgress } from './printProgress.ts';
import { runRecording } from './runRecording.ts';

/** The exit code for each status of the result, and for a job that is itself wrong. */
const EXIT = { completed: 0, absent: 0, failed: 1, invalid: 2 } as const;

/**
 * `record JOB.json`: records one job through a queue of its own. Progress goes to stderr. The files' paths go
 * to stdout, or with `json` one JSON object as its last line. Resolves to the exit code.
 */
export async function record(jobPath: string, options: { out?: string; json?: boolean }): Promise<number> {
  const result = await recordFile(jobPath, options.out).catch(failedResult);
  printResult(result, options);
  return result.error?.code === 'invalid_request' ? EXIT.invalid : EXIT[result.status];
}

async function recordFile(jobPath: string, out: string | undefined): Promise<RecordingResult> {
  // What any caller does before a job is queued: a job that cannot be recorded needs no Redis to be refused.
  const payload = checkRecordingJob(parseJobText(await readJob(jobPath)));
  const config = readWorkerConfig(process.env);
  const recordingsDir = out ?? config.recordingsDir;
  const quiet = process.env.COMPOSITOR_LOG ? {} : { logLevel: 'warn' };
  return runRecording(payload, { ...config, ...quiet, recordingsDir }, printProgress());
}

async function readJob(path: string): Promise<string> {
  try {
    return path === '-' ? await text(process.stdin) : await readFile(path, 'utf8');
  } catch (error) {
    throw new InvalidRequestError([
      { path: '', message: `the job file cannot be read: ${messageOf(error)}` },
    ]);
  }
}

function printResult(result: RecordingResult, { json }: { json?: boolean }): void {
  const { error, files, transcript, end_reason } = result;
  if (error) console.error(printable(`${error.code}: ${error.message}\n${error.help}`));
  const all = [...files, ...(transcript?.files ?? [])];
  const stored = all.flatMap(({ file }) => file ?? []);
  if (json) console.log(JSON.stringify(result));
  else console.log(stored.length > 0 ? stored.join('\n') : `nothing was recorded (${end_reason})`);
}

/** The result of a job that failed before it could be recorded. */
function failedResult(thrown: unknown): RecordingResult {
  const error =
    thrown instanceof InvalidRequestError
      ? new RecordingError('invalid_request', thrown.message)
      : asRecordingError(thrown);
  return buildResult({
    recordingId: '',
    callCid: '',
    sessionId: null,
    attempt: 1,
    reason: error.code,
    error,
    start: null,
    files: [],
    warnings: [],
    decodedS: 0,
    gaps: [],
    pauses: [],
    endedAtUnixMs: Date.now(),
  });
}
