import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { RecordingResult } from '../../shared/events/recordingEvents.ts';
import {
  InvalidRequestError,
  parseJobText,
  parseRecordingRequest,
} from '../../shared/request/parseRecordingRequest.ts';
import { asRecordingError, messageOf, RecordingError } from '../recordingError.ts';
import { readWorkerConfig } from '../workerConfig.ts';
import { printProgress } from './printProgress.ts';
import { runRecording } from './runRecording.ts';

/** Exit codes: recorded, or nothing to record; failed; the job itself is wrong. */
const EXIT = { completed: 0, absent: 0, failed: 1, invalid: 2 } as const;

/**
 * `record JOB.json`: one job through its own queue. Progress goes to stderr; stdout gets the file's path, or with
 * `json` one JSON object as its last line. Resolves to the exit code.
 */
export async function record(jobPath: string, options: { out?: string; json?: boolean }): Promise<number> {
  try {
    const payload = parseJobText(await readJob(jobPath));
    parseRecordingRequest('check', payload); // before anything is started
    const config = readWorkerConfig(process.env);
    const recordingsDir = options.out ?? config.recordingsDir;
    const quiet = process.env.COMPOSITOR_LOG ? {} : { logLevel: 'warn' };
    const progress = printProgress();
    const result = await runRecording(payload, { ...config, ...quiet, recordingsDir }, progress);
    printResult(result, options);
    return EXIT[result.status];
  } catch (thrown) {
    const isInvalid = thrown instanceof InvalidRequestError;
    const error = isInvalid
      ? new RecordingError('invalid_request', thrown.message)
      : asRecordingError(thrown);
    printFailure(error, options);
    return isInvalid ? EXIT.invalid : EXIT.failed;
  }
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
  if (result.error) console.error(`${result.error.code}: ${result.error.message}`);
  if (json) console.log(JSON.stringify(result));
  else console.log(result.file ?? `nothing recorded (${result.end_reason})`);
}

function printFailure(error: RecordingError, { json }: { json?: boolean }): void {
  const { code, message } = error;
  console.error(`${code}: ${message}`);
  if (!json) return;
  const nothing = {
    file: null,
    duration_s: 0,
    frames: 0,
    dropped_frames: 0,
    warnings: [],
  };
  console.log(
    JSON.stringify({
      status: 'failed',
      ...nothing,
      end_reason: code,
      error: { code, message },
    }),
  );
}
