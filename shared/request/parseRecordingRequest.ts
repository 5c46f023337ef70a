import type { z } from 'zod';
import { nearestName } from './nearestName.ts';
import { RecordingJob, type RecordingRequest, toRecordingRequest } from './recordingRequest.ts';

/** What is wrong with a job: the field's path on the wire and a sentence. */
export interface RequestProblem {
  readonly path: string;
  readonly message: string;
}

/** A job that does not fit the schema, with every problem at once. */
export class InvalidRequestError extends Error {
  readonly problems: readonly RequestProblem[];

  constructor(problems: readonly RequestProblem[]) {
    super(
      `invalid job: ${problems.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ')}`,
    );
    this.name = 'InvalidRequestError';
    this.problems = problems;
  }
}

/**
 * Parses a job into a complete request; the only place where unknown input becomes ours.
 * Throws InvalidRequestError that names every unknown key (with the nearest known one) and every bad value.
 */
export function parseRecordingRequest(id: string, job: unknown): RecordingRequest {
  const parsed = RecordingJob.safeParse(job, { reportInput: true });
  if (!parsed.success) throw new InvalidRequestError(parsed.error.issues.flatMap(toProblems));
  return toRecordingRequest(id, parsed.data);
}

/** Parses the text of a job file; text that is not JSON is an InvalidRequestError too. */
export function parseJobText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidRequestError([{ path: '', message: `not JSON: ${(error as Error).message}` }]);
  }
}

function toProblems(issue: z.core.$ZodIssue): RequestProblem[] {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, issue.path));
  return [{ path, message: isMissing(issue) ? 'is missing' : issue.message }];
}

function isMissing(issue: z.core.$ZodIssue): boolean {
  return (
    issue.code === 'invalid_type' && issue.input === undefined && issue.message.startsWith('Invalid input')
  );
}

function unknownKey(key: string, path: readonly PropertyKey[]): RequestProblem {
  const known = knownKeysAt(RecordingJob, path);
  const nearest = nearestName(key, known);
  const hint = nearest ? `did you mean "${nearest}"?` : `known are ${known.join(', ')}`;
  return { path: [...path, key].join('.'), message: `unknown key: ${hint}` };
}

/** The keys the schema knows at a path; through wrappers and, for a union, of every branch. */
function knownKeysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const shapes = objectShapes(schema);
  const [head, ...rest] = path;
  if (head === undefined) return [...new Set(shapes.flatMap((shape) => Object.keys(shape)))];
  return shapes.flatMap((shape) => {
    const next = shape[String(head)];
    return next ? knownKeysAt(next, rest) : [];
  });
}

type Shape = Readonly<Record<string, z.core.$ZodType>>;

function objectShapes(schema: z.core.$ZodType): Shape[] {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  switch (def.type) {
    case 'object':
      return [def.shape];
    case 'union':
      return def.options.flatMap(objectShapes);
    case 'default':
    case 'prefault':
    case 'nullable':
    case 'optional':
      return objectShapes(def.innerType);
    case 'pipe':
      return [...objectShapes(def.in), ...objectShapes(def.out)];
    default:
      return [];
  }
}
