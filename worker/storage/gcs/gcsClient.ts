import { createHash } from 'node:crypto';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { ownTokenUri } from '../../../shared/storages/gcsStorageTarget.ts';
import type { GcsStorageTarget } from '../../../shared/storages/storageTarget.ts';
import type { GuardedAgents } from '../../egress/guardedAgents.ts';
import { keepToken } from '../objects/keepToken.ts';
import { statusOf } from '../objects/storeErrors.ts';
import { requestHandlerOf } from '../s3/createClient.ts';
import { gcsToken } from './gcsToken.ts';
import { openServiceAccount } from './serviceAccount.ts';

/** https://cloud.google.com/storage/docs/request-endpoints */
const GOOGLE = 'https://storage.googleapis.com';
const TOKEN_LIMIT_MS = 20_000;
/** What AWS alone understands. Google takes such headers with signatures of S3 only, not with a token. */
const OF_AWS = /^(x-amz-|amz-sdk-)/i;
/** The SDK asks for some before it calls the signer, which needs none. */
const NO_KEYS = { accessKeyId: 'none', secretAccessKey: 'none' };

/** The address before the name of the bucket, without a slash. */
export function serverOf({ endpoint }: GcsStorageTarget): string {
  return (endpoint ?? GOOGLE).replace(/\/$/, '');
}

/**
 * A client of S3 that speaks with Google Cloud Storage, whose XML API has the same requests and takes a token instead of a
 * signature: https://cloud.google.com/storage/docs/migrating. `agents` connect to an endpoint and a `token_uri` that the
 * target names; where Google's own lead is the operator's choice. Throws storage_failed if the credentials cannot be read.
 */
export function gcsClient(
  target: GcsStorageTarget,
  idleLimitMs: number,
  agents: GuardedAgents | null,
): S3Client {
  const account = openServiceAccount(target.credentials);
  const tokenAgents = ownTokenUri(target.credentials) === null ? null : agents;
  const tokens = keepToken((signal) => gcsToken(account, tokenAgents, signal));
  const client = new S3Client({
    region: 'auto',
    endpoint: serverOf(target),
    forcePathStyle: true,
    // Nothing of how the worker reaches AWS counts here.
    ...{ useFipsEndpoint: false, useDualstackEndpoint: false },
    maxAttempts: 1, // what fails is tried again by the upload
    requestHandler: requestHandlerOf(idleLimitMs, target.endpoint === null ? null : agents),
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    credentials: NO_KEYS,
    signer: bearerSigner(() => tokens.current(AbortSignal.timeout(TOKEN_LIMIT_MS))),
  });
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (statusOf(error) === 401) tokens.forget();
        throw error;
      }
    },
    { step: 'initialize', name: 'forgetToken' },
  );
  return client;
}

/** Makes a request of the SDK one that Google takes. */
function bearerSigner(currentToken: () => Promise<string>): NonNullable<S3ClientConfig['signer']> {
  return {
    sign: async (request) => {
      const { body, headers, query = {} } = request;
      for (const name of Object.keys(headers)) if (OF_AWS.test(name)) delete headers[name];
      delete query['x-id'];
      // In place of the SDK's checksum, whose header only AWS understands: https://cloud.google.com/storage/docs/xml-api/put-object-multipart
      if (body instanceof Uint8Array)
        headers['content-md5'] = createHash('md5').update(body).digest('base64');
      headers.date = new Date().toUTCString();
      headers.authorization = `Bearer ${await currentToken()}`;
      return request;
    },
  };
}
