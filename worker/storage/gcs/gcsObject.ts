import type { S3Client } from '@aws-sdk/client-s3';
import type { PartedObject } from '../objects/partedObject.ts';
import { refuseTaken } from '../objects/refuseTaken.ts';
import { type S3Target, s3Object } from '../s3/s3Object.ts';

/**
 * An object of Google Cloud Storage. To look at the bucket itself would need a right that no role for objects has
 * (storage.buckets.get, https://cloud.google.com/storage/docs/access-control/iam-xml), so that it can be written is seen
 * by an upload that is begun and dropped.
 */
export function gcsObject(client: S3Client, target: S3Target): PartedObject {
  const object = s3Object(client, target);
  return {
    ...object,
    check: async (signal) => {
      await object.drop(await object.begin(signal), signal);
      await refuseTaken(object.length, signal);
    },
  };
}
