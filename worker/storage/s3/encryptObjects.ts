import type { S3Client } from '@aws-sdk/client-s3';
import type { S3StorageTarget } from '../../../shared/storages/storageTarget.ts';
import { RecordingError } from '../../recordingError.ts';

const KEY_BYTES = 32;

/** The requests that make an object. */
const MAKING = ['PutObjectCommand', 'CreateMultipartUploadCommand'];
/** Those that need the key of an object that only whoever has the key can read. */
const NEEDING_KEY = [
  ...MAKING,
  'UploadPartCommand',
  'ListPartsCommand',
  'CompleteMultipartUploadCommand',
  'HeadObjectCommand',
  'GetObjectCommand',
];

/**
 * Makes every request of a client say how objects are encrypted: with a key of AWS KMS, or with a key that the store
 * forgets after each request. Throws storage_failed if that is no key.
 */
export function encryptObjects(client: S3Client, encryption: S3StorageTarget['encryption']): void {
  if (encryption === null) return;
  const commands = encryption.kind === 'kms' ? MAKING : NEEDING_KEY;
  const fields = encryption.kind === 'kms' ? kmsFields(encryption.keyId) : keyFields(encryption.key);
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) =>
        next(
          commands.includes(String(commandName)) ? { ...args, input: { ...args.input, ...fields } } : args,
        ),
    // Before the SDK's own step, which adds the hash of the key.
    { step: 'initialize', priority: 'high', name: 'encryptObjects' },
  );
}

function kmsFields(keyId: string | null) {
  return { ServerSideEncryption: 'aws:kms' as const, ...(keyId === null ? {} : { SSEKMSKeyId: keyId }) };
}

function keyFields(key: string) {
  const bytes = new Uint8Array(Buffer.from(key, 'base64'));
  if (bytes.byteLength === KEY_BYTES) return { SSECustomerAlgorithm: 'AES256', SSECustomerKey: bytes };
  const message = `the key in encryption has ${bytes.byteLength} bytes; it must be ${KEY_BYTES} bytes in base64`;
  throw new RecordingError('storage_failed', message);
}
