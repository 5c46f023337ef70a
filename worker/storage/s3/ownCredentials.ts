import type { S3Client } from '@aws-sdk/client-s3';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { areCredentialsRefused } from '../objects/storeErrors.ts';

type Lookup = ReturnType<typeof defaultProvider>;

/** Looks the worker's own credentials up: in its environment, in files, which are read each time, or in its role. */
export const ownCredentials: Lookup = (options) => defaultProvider({ ignoreCache: true })(options);

/**
 * Makes a client look its credentials up again when the store takes them for wrong or expired, and then send the
 * request again if they are others by now. The SDK does so only for credentials that say when they expire, which
 * those in a file do not.
 */
export function renewCredentials(client: S3Client): void {
  const lookUp = (forceRefresh: boolean) => client.config.credentials({ forceRefresh });
  client.middlewareStack.add(
    (next) => async (args) => {
      const before = await lookUp(false);
      try {
        return await next(args);
      } catch (error) {
        if (!areCredentialsRefused(error)) throw error;
        const now = await lookUp(true).catch(() => before);
        if (now.accessKeyId === before.accessKeyId && now.sessionToken === before.sessionToken) throw error;
        return next(args);
      }
    },
    { step: 'initialize', priority: 'high', name: 'renewCredentials' },
  );
}
