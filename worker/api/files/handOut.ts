import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Handler } from 'hono';
import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import type { ApiEnv } from '../http/context.ts';
import { bucketOf } from '../recordings/chooseStorage.ts';
import { besideTranscript, transcriptFiles } from '../recordings/transcripts.ts';
import type { RecordingRow } from '../store/rows.ts';
import { isLinkValid } from './fileLink.ts';
import { readRange } from './readRange.ts';

/** An object is opened right after the link to it; a player that comes back later follows our link again. */
const OBJECT_LINK_S = 60 * 60;

/** Hands out the file that a link leads to: from the folder itself, or by sending the client on to the bucket. */
export function handOut(api: Api): Handler<ApiEnv, '/:tenant/:recording/:filename'> {
  return async (c) => {
    const { tenant, recording, filename } = c.req.param();
    const { expires = '', signature = '' } = c.req.query();
    if (!isLinkValid(api, { tenant, recording, filename }, { expires: Number(expires), signature }))
      throw new ApiError(
        'not_allowed',
        'the link has expired, or is none of ours; list the recordings for a new one',
      );
    const row = await api.store.recordings.get(tenant, recording);
    const found = row && linkedFile(row, filename);
    if (!found) throw new ApiError('not_found', 'the recording has been deleted');
    const { file, storage } = found;
    if (api.files.isInStore(file.file)) {
      const bucket = await bucketOf(api, tenant, storage);
      if (bucket === null)
        throw new ApiError('not_found', 'the storage of the recording is not known any more');
      return c.redirect(await api.files.presign(bucket, file.file, OBJECT_LINK_S), 302);
    }
    const path = await api.files.localPath(file.file);
    if (path === null) throw new ApiError('not_found', 'the file is not on this machine');
    return sendFile(path, file.media_type, c.req.header('range'), c.req.method === 'HEAD');
  };
}

/** A file of a recording or of its transcript, and where it is. */
function linkedFile(
  row: RecordingRow,
  filename: string,
): { file: { file: string; media_type: string }; storage: string | null } | null {
  const recorded = row.files.find((one) => one.filename === filename);
  if (recorded) return { file: recorded, storage: row.storage };
  const transcript = transcriptFiles(row).find((one) => one.filename === filename);
  return transcript ? { file: transcript, storage: besideTranscript(row).storage } : null;
}

async function sendFile(
  path: string,
  mediaType: string,
  range: string | undefined,
  isHead: boolean,
): Promise<Response> {
  const { size, mtime } = await stat(path);
  const asked = readRange(range, size);
  const headers = new Headers({
    'accept-ranges': 'bytes',
    'content-type': mediaType,
    'last-modified': mtime.toUTCString(),
    'cache-control': 'private, max-age=3600',
  });
  if (asked === 'outside') {
    headers.set('content-range', `bytes */${size}`);
    return new Response(null, { status: 416, headers });
  }
  const { first, last } = asked ?? { first: 0, last: size - 1 };
  headers.set('content-length', String(last - first + 1));
  if (asked) headers.set('content-range', `bytes ${first}-${last}/${size}`);
  const isEmpty = isHead || last < first;
  const body = isEmpty
    ? null
    : (Readable.toWeb(createReadStream(path, { start: first, end: last })) as ReadableStream);
  return new Response(body, { status: asked ? 206 : 200, headers });
}
