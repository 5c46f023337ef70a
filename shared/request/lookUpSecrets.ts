import { isHttpAddress } from '../storages/presignedStorageTarget.ts';
import { serviceAccountKeyProblem } from '../storages/serviceAccountKey.ts';
import type { StorageTarget } from '../storages/storageTarget.ts';
import { deepFreeze } from '../wire/deepFreeze.ts';
import { type Looked, SecretReference } from '../wire/secret.ts';
import { InvalidRequestError, type ParsedRequest } from './parseRecordingRequest.ts';
import type { RecordingRequest } from './recordingRequest.ts';
import { targetsOf } from './targetsOf.ts';
import { isSigningSecret } from './webhook.ts';

/** Gives the secret of this name. Throws an Error that says why it cannot, and does not quote it. */
export type LookUpSecret = (name: string) => Promise<string>;

/**
 * The request with every secret in it that was only named. Throws InvalidRequestError where one is missing, or is none
 * that its field can take.
 */
export async function lookUpSecrets(request: ParsedRequest, lookUp: LookUpSecret): Promise<RecordingRequest> {
  const looked: RecordingRequest = await lookedUp(request, lookUp, []);
  const secret = looked.webhook?.secret ?? null;
  if (secret !== null && !isSigningSecret(secret)) {
    const message = 'the secret of this name is not a signing secret of Standard Webhooks';
    throw new InvalidRequestError([{ path: 'webhook.secret', message }]);
  }
  for (const { path, target } of targetsOf(looked)) {
    const { field, problem } = problemIn(target) ?? {};
    if (problem) throw new InvalidRequestError([{ path: `${path}.${field}`, message: problem }]);
  }
  return deepFreeze(looked);
}

/** What is wrong with a secret of a storage that was only named when the job was read, or null. */
function problemIn(target: StorageTarget): { readonly field: string; readonly problem: string } | null {
  if (target.kind === 'presigned' && !isHttpAddress(target.url))
    return { field: 'url', problem: 'the secret of this name is no http or https address' };
  const problem = target.kind === 'gcs' ? serviceAccountKeyProblem(target.credentials) : null;
  return problem === null ? null : { field: 'credentials', problem: `the secret of this name ${problem}` };
}

/** A part of a job with every secret in it that was only named. `path` is where it stands in the job. */
export async function lookedUp<T>(
  value: T,
  lookUp: LookUpSecret,
  path: readonly string[] = [],
): Promise<Looked<T>> {
  if (value instanceof SecretReference) return (await lookUpAt(value, lookUp, path)) as Looked<T>;
  if (typeof value !== 'object' || value === null) return value as Looked<T>;
  const parts = await Promise.all(
    Object.entries(value).map(
      async ([name, part]) => [name, await lookedUp(part, lookUp, [...path, name])] as const,
    ),
  );
  return (Array.isArray(value) ? parts.map(([, part]) => part) : Object.fromEntries(parts)) as Looked<T>;
}

async function lookUpAt({ secret }: SecretReference, lookUp: LookUpSecret, path: readonly string[]) {
  try {
    return await lookUp(secret);
  } catch (error) {
    throw new InvalidRequestError(
      [{ path: path.map(snakeCase).join('.'), message: (error as Error).message }],
      {
        cause: error,
      },
    );
  }
}

/** As the job writes the names of its fields. */
function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
