import { gcsStorage } from '../../../../../worker/storage/gcs/gcsStorage.ts';
import { storageContract } from '../../../../contracts/storageContract.ts';
import { startGcs } from '../../../../support/startGcs.ts';
import { s3Missing } from '../../../../support/startS3.ts';

async function start() {
  const gcs = await startGcs();
  const elsewhere = { ...gcs.target, bucket: 'no-such-bucket' };
  return {
    ...gcs,
    storage: gcsStorage(gcs.target, gcs.folders),
    recipe: { kind: 'gcs' as const, options: [gcs.target, gcs.folders] as Parameters<typeof gcsStorage> },
    unwritable: { storage: gcsStorage(elsewhere, gcs.folders), name: 'gs://no-such-bucket/' },
  };
}

storageContract('a bucket of Google Cloud Storage', start, { missing: s3Missing });
