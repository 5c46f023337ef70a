import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readServiceAccountKey } from '../../../shared/storages/serviceAccountKey.ts';
import { messageOf, RecordingError } from '../../recordingError.ts';

/** Who writes to a bucket of Google Cloud Storage. */
export interface ServiceAccount {
  readonly email: string;
  /** The name of its key; null where it is not known. */
  readonly keyId: string | null;
  readonly key: KeyObject;
  /** Where a token is handed out for it. */
  readonly tokenUri: string;
}

/** Reads the JSON of a service account's key. Throws storage_failed, which quotes nothing of it, where it is of no use. */
export function openServiceAccount(credentials: string): ServiceAccount {
  const { clientEmail, privateKeyId, privateKey, tokenUri } = read(credentials);
  return { email: clientEmail, keyId: privateKeyId, key: rsaKey(privateKey), tokenUri };
}

function read(credentials: string) {
  try {
    return readServiceAccountKey(credentials);
  } catch (error) {
    throw new RecordingError('storage_failed', `credentials ${messageOf(error)}`);
  }
}

/** Google's keys are RSA: https://cloud.google.com/iam/docs/service-account-creds#user-managed-keys */
function rsaKey(pem: string): KeyObject {
  let key: KeyObject | null = null;
  try {
    key = createPrivateKey(pem);
  } catch {
    // What the library says may quote what it read.
  }
  if (key?.asymmetricKeyType === 'rsa') return key;
  throw new RecordingError(
    'storage_failed',
    'the private_key in credentials cannot be read as an RSA key; use the file as Google handed it out, or make a new key',
  );
}
