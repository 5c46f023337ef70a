import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Command } from 'commander';
import { type S3StorageTarget, s3StorageTarget } from '../../shared/storages/s3StorageTarget.ts';
import { createMovie } from '../../worker/movie/createMovie.ts';
import { folderStorage } from '../../worker/storage/folderStorage.ts';
import { PART_BYTES } from '../../worker/storage/objects/planParts.ts';
import { s3Storage } from '../../worker/storage/s3/s3Storage.ts';
import type { Sink } from '../../worker/storage/storage.ts';
import { eventually } from '../support/eventually.ts';
import { type Clip, makeClip, makeSegment } from '../support/makeSegment.ts';
import { type S3, startS3 } from '../support/startS3.ts';
import { optionsFor } from '../support/writeMovie.ts';
import { median } from './statistics.ts';

const TABLE = fileURLToPath(new URL('../../docs/bench/stop-to-stored.md', import.meta.url));
const BUCKET = 'recordings';
/** Bits per second of the pictures: a quiet call at 720p. */
const PICTURE_RATE = '1M';

interface Row {
  readonly lengthS: number;
  readonly sizeMiB: number;
  readonly folderMs: number;
  readonly bucketMs: number;
  /** What the S3 server takes to join parts of the same number and length, which nobody can do without. */
  readonly joinMs: number;
}

/** Measures the time from the end of a recording until its file is stored, for recordings of several lengths. */
export async function main(argv: string[]): Promise<void> {
  const command = new Command('stopToStored')
    .option('--times <n>', 'how often each length is measured', Number, 3)
    .option('--seconds <list>', 'lengths of recordings', '10,600,14400')
    .parse(argv);
  const { times, seconds } = command.opts<{ times: number; seconds: string }>();
  const s3 = await startS3();
  const folder = await mkdtemp(join(tmpdir(), 'stop-to-stored-'));
  try {
    await s3.createBucket(BUCKET);
    const rate = ['-b:v', PICTURE_RATE, '-minrate', PICTURE_RATE, '-bufsize', PICTURE_RATE];
    const clip = await makeClip(join(folder, 'clip.mp4'), 'mp4', '1280x720', rate);
    const rows: Row[] = [];
    for (const length of seconds.split(','))
      rows.push(await measure(s3, folder, clip, Number(length), times));
    await writeFile(TABLE, tableOf(rows, times));
    console.log(`written: ${TABLE}`);
  } finally {
    await s3.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(s3: S3, folder: string, clip: Clip, lengthS: number, times: number): Promise<Row> {
  const folderMs: number[] = [];
  const bucketMs: number[] = [];
  const joinMs: number[] = [];
  let sizeBytes = 0;
  for (let turn = 0; turn < times; turn++) {
    const key = `${lengthS}-${turn}.mp4`;
    const stored = await record(folder, null, clip, key, lengthS);
    folderMs.push(stored.ms);
    bucketMs.push((await record(folder, targetOf(s3), clip, key, lengthS)).ms);
    sizeBytes = stored.sizeBytes;
    joinMs.push(await joinParts(s3, key, sizeBytes));
  }
  const row = {
    lengthS,
    sizeMiB: Math.round(sizeBytes / 2 ** 20),
    folderMs: Math.round(Number(median(folderMs))),
    bucketMs: Math.round(Number(median(bucketMs))),
    joinMs: Math.round(Number(median(joinMs))),
  };
  console.log(JSON.stringify(row));
  return row;
}

function targetOf({ endpoint, region, accessKeyId, secretAccessKey }: S3) {
  const target = s3StorageTarget.schema.parse({
    kind: 's3',
    bucket: BUCKET,
    region,
    endpoint,
    access_key_id: accessKeyId,
    secret_access_key: secretAccessKey,
    force_path_style: true,
  });
  return target as S3StorageTarget;
}

type Target = ReturnType<typeof targetOf> | null;

/** Writes a recording, waits until what can be sent while it grows is sent, and times its end. */
async function record(folder: string, target: Target, clip: Clip, key: string, lengthS: number) {
  const storage =
    target === null
      ? await folderStorage(folder)
      : await s3Storage(
          target,
          { spool: join(folder, 'spool'), rescue: join(folder, 'rescue') },
          { giveUpAfterMs: 60_000 },
        );
  const sink = await storage.open({ key, mediaType: 'video/mp4' });
  const movie = createMovie(optionsFor(clip));
  movie.beginSegment();
  await makeSegment(clip, { startS: 0, endS: lengthS }, async (bytes, position) => {
    for (const piece of movie.take(bytes, position)) await sink.write(piece.bytes, piece.position);
  });
  if (target !== null) await allSent(sink);
  const beganAtMs = performance.now();
  const { location, sizeBytes } = await sink.finish(movie.ending());
  const ms = performance.now() - beganAtMs;
  if (target === null) await rm(location);
  return { ms, sizeBytes };
}

/** A real recording grows so slowly that every whole part but the first is sent when it ends. */
async function allSent(sink: Sink): Promise<void> {
  const wanted = Math.max(0, Math.floor(sink.sizeBytes() / PART_BYTES) - 1);
  let position = sink.sizeBytes();
  const nudge = async () => {
    const parts = sink.unfinished().parts;
    if (Array.isArray(parts) && parts.length >= wanted) return true;
    await sink.write(new Uint8Array(0), position); // a write is what makes the upload look at what is due
    position = sink.sizeBytes();
    return false;
  };
  if (wanted > 0) await eventually('all whole parts are sent', nudge, { withinMs: 600_000 });
}

/** Sends random bytes in parts as the recorder does, and times only the request that joins them. */
async function joinParts(s3: S3, key: string, sizeBytes: number): Promise<number> {
  const Key = `joined-${key}`;
  const { UploadId } = await s3.client.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key }));
  const Parts: CompletedPart[] = [];
  for (let from = 0; from < sizeBytes; from += PART_BYTES) {
    const PartNumber = Parts.length + 1;
    const Body = Buffer.alloc(Math.min(PART_BYTES, sizeBytes - from), PartNumber);
    const part = { Bucket: BUCKET, Key, UploadId, PartNumber, Body };
    Parts.push({ PartNumber, ETag: (await s3.client.send(new UploadPartCommand(part))).ETag });
  }
  const beganAtMs = performance.now();
  const whole = { Bucket: BUCKET, Key, UploadId, MultipartUpload: { Parts } };
  await s3.client.send(new CompleteMultipartUploadCommand(whole));
  const ms = performance.now() - beganAtMs;
  for (const one of [Key, key]) await s3.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: one }));
  return ms;
}

function tableOf(rows: readonly Row[], times: number): string {
  const lines = rows.map(({ lengthS, sizeMiB, folderMs, bucketMs, joinMs }) => {
    const length =
      lengthS < 60 ? `${lengthS} s` : lengthS < 3600 ? `${lengthS / 60} min` : `${lengthS / 3600} h`;
    return `| ${length} | ${sizeMiB} MiB | ${folderMs} ms | ${bucketMs} ms | ${joinMs} ms |`;
  });
  return `# From the last byte of a recording to the stored file

Medians of ${times}, from \`npm run bench:stored\`. The S3 server runs on the same machine. It makes one file of the parts when
it is told to join them. The last column is that alone: an upload of random bytes in parts of the same number and length.

The recorder itself needs some 0.25 s more from the request to stop ([results](results.md)).

| recording | file | into a folder | into a bucket | of it the server joins parts |
| --- | --- | --- | --- | --- |
${lines.join('\n')}
`;
}
