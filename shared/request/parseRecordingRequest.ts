import type { z } from 'zod';
import { copyOfJob } from '../wire/copyOfJob.ts';
import { deepFreeze } from '../wire/deepFreeze.ts';
import { hintAt } from '../wire/nearestName.ts';
import { shortened } from '../wire/quoted.ts';
import { knownKeysAt } from './knownKeysAt.ts';
import { RecordingJob } from './recordingJob.ts';

/** How many problems an InvalidRequestError lists; the others are counted. */
const MOST_PROBLEMS = 20;
/** The longest message of a problem, and the longest name in its path, in characters. */
const LONGEST_MESSAGE = 300;
const LONGEST_NAME = 80;

/** A validated job, in which secrets may still be named instead of known. See RecordingRequest. */
export type ParsedRequest = Readonly<z.output<typeof RecordingJob>> & { readonly id: string };

/** What is wrong with a job: the field's path on the wire and a sentence. */
export interface RequestProblem {
  readonly path: string;
  readonly message: string;
}

/** A job that does not fit the schema, with the first 20 problems at once. */
export class InvalidRequestError extends Error {
  readonly problems: readonly RequestProblem[];

  constructor(problems: readonly RequestProblem[], options: { total?: number; cause?: unknown } = {}) {
    const { total = problems.length, cause } = options;
    const listed = problems.slice(0, MOST_PROBLEMS);
    const sentences = listed.map(({ path, message }) => (path ? `${path}: ${message}` : message));
    if (total > listed.length) sentences.push(`and ${total - listed.length} more`);
    super(`invalid job: ${sentences.join('; ')}`, { cause });
    this.name = 'InvalidRequestError';
    this.problems = listed;
  }
}

/**
 * Parses a job into a complete, frozen request; the only place where unknown input becomes ours. `id` is the job's.
 * Throws InvalidRequestError, and nothing else, whatever it is given. The error names unknown keys (with the nearest
 * known one) and bad values.
 */
export function parseRecordingRequest(id: string, job: unknown): ParsedRequest {
  try {
    const read = copyOfJob(job);
    if ('problem' in read) throw new InvalidRequestError([{ path: '', message: `the job ${read.problem}` }]);
    const parsed = RecordingJob.safeParse(read.copy, { reportInput: true });
    if (!parsed.success) throw invalidRequest(parsed.error.issues);
    return deepFreeze({ id, ...parsed.data });
  } catch (error) {
    if (error instanceof InvalidRequestError) throw error;
    throw new InvalidRequestError([{ path: '', message: 'the job cannot be read' }], { cause: error });
  }
}

/** Parses the text of a job file; text that is not JSON is an InvalidRequestError too. */
export function parseJobText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = shortened(`not JSON: ${(error as Error).message}`, LONGEST_MESSAGE);
    throw new InvalidRequestError([{ path: '', message }]);
  }
}

type Issue = z.core.$ZodIssue;

function invalidRequest(issues: readonly Issue[]): InvalidRequestError {
  const problems: RequestProblem[] = [];
  let total = 0;
  for (const issue of issues) {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [null];
    total += keys.length;
    for (const key of keys.slice(0, MOST_PROBLEMS - problems.length)) problems.push(problemOf(issue, key));
  }
  return new InvalidRequestError(problems, { total });
}

/** The problem that an issue tells of, or, where it tells of unknown keys, that one of them is. */
function problemOf(issue: Issue, unknownKey: string | null): RequestProblem {
  const path = unknownKey === null ? issue.path : [...issue.path, unknownKey];
  const message =
    unknownKey !== null
      ? `unknown key: ${hintAt(unknownKey, knownKeysAt(RecordingJob, issue.path))}`
      : isMissing(issue)
        ? 'is missing'
        : issue.message;
  const names = path.map((name) => shortened(String(name), LONGEST_NAME));
  return { path: names.join('.'), message: shortened(message, LONGEST_MESSAGE) };
}

function isMissing(issue: Issue): boolean {
  return (
    issue.code === 'invalid_type' && issue.input === undefined && issue.message.startsWith('Invalid input')
  );
}
