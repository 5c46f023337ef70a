import { s3Storage } from '../../../../../worker/storage/s3/s3Storage.ts';
import { storageContract } from '../../../../contracts/storageContract.ts';
import { s3Missing } from '../../../../support/startS3.ts';
import { startS3Place } from '../../../../support/startS3Place.ts';

async function start() {
  const place = await startS3Place();
  const elsewhere = { ...place.target, bucket: 'no-such-bucket' };
  return {
    ...place,
    storage: s3Storage(place.target, place.folders),
    recipe: { kind: 's3' as const, options: [place.target, place.folders] as Parameters<typeof s3Storage> },
    unwritable: { storage: s3Storage(elsewhere, place.folders), name: 's3://no-such-bucket/' },
  };
}

storageContract('a bucket', start, { missing: s3Missing });
