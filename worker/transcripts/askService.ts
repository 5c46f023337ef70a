import { type IncomingMessage, request as requestPlainly } from 'node:http';
import { request as requestSecurely } from 'node:https';
import type { RecordingRequest } from '../../shared/request/recordingRequest.ts';
import type { GuardedAgents } from '../egress/guardedAgents.ts';
import { messageOf } from '../recordingError.ts';
import { type Heard, onOneLine, readAnswer } from './readAnswer.ts';
import type { SoundPart } from './soundParts.ts';
import { TranscriptError } from './transcriptError.ts';

/** How a request reaches the service. */
export interface ServiceAccess {
  readonly service: NonNullable<RecordingRequest['transcription']>;
  /** They connect as the egress rules allow; null stands for Node's own. */
  readonly agents: GuardedAgents | null;
  /** Aborted where the worker leaves. */
  readonly cancel: AbortSignal;
  /** How long the service may take for one part. A service that needs three times as long as the sound lasts never catches up. */
  readonly answerLimitMs?: number;
}

const ANSWER_LIMIT_MS = 30 * 60_000;
/** Ten minutes of fast speech are some 100 kB of JSON, and ten times as much with every word on its own. */
const MOST_ANSWERED_BYTES = 16 * 1024 * 1024;
const MOST_QUOTED_CHARACTERS = 300;
/** What these say is about the sound or the model, so that asking again would change nothing. */
const FINAL_STATUS: readonly number[] = [400, 413, 415, 422];

/** Has a service write down what is said in a part of the sound. Throws a TranscriptError; it may quote what the service said. */
export async function askService(part: SoundPart, access: ServiceAccess): Promise<Heard> {
  const { cancel, answerLimitMs = ANSWER_LIMIT_MS } = access;
  const { origin } = new URL(access.service.url);
  const limit = AbortSignal.timeout(answerLimitMs);
  try {
    const { status, body } = await answerTo(part, access, AbortSignal.any([limit, cancel]));
    if (status >= 200 && status < 300) return readAnswer(body, part.durationS);
    const redirect = status >= 300 && status < 400 ? ', and redirects are not followed' : '';
    const said = onOneLine(body.slice(0, MOST_QUOTED_CHARACTERS));
    const message = `${origin} answered with HTTP status ${status}${redirect}${said && `: ${said}`}`;
    throw new TranscriptError(message, FINAL_STATUS.includes(status));
  } catch (error) {
    if (error instanceof TranscriptError) throw error;
    const reason = limit.aborted ? `it did not answer within ${answerLimitMs / 1000} s` : reasonOf(error);
    throw new TranscriptError(`${origin} gave no transcript: ${reason}`, false, { cause: error });
  }
}

/** An error of several addresses that could not be reached has a code, and no message of its own. */
function reasonOf(error: unknown): string {
  return messageOf(error) || String((error as { code?: unknown }).code);
}

async function answerTo(
  part: SoundPart,
  { service, agents }: ServiceAccess,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly body: string }> {
  // Node.js encodes a form as its own fetch would send it.
  const form = new Response(formOf(part, service));
  const body = Buffer.from(await form.arrayBuffer());
  const url = new URL(service.url);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/audio/transcriptions`;
  const isSecure = url.protocol === 'https:';
  const agent = isSecure ? agents?.httpsAgent : agents?.httpAgent;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = (isSecure ? requestSecurely : requestPlainly)(url, {
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': form.headers.get('content-type') ?? '',
        'content-length': body.byteLength,
        ...(service.apiKey === null ? {} : { authorization: `Bearer ${service.apiKey}` }),
      },
      signal,
      ...(agent ? { agent } : {}),
    });
    request.on('error', reject);
    request.on('response', resolve);
    request.end(body);
  });
  return { status: response.statusCode ?? 0, body: await textOf(response) };
}

function formOf(
  { bytes, fileName, mediaType }: SoundPart,
  { model, language, prompt }: ServiceAccess['service'],
): FormData {
  const form = new FormData();
  form.append('file', new Blob([bytes], { type: mediaType }), fileName);
  form.append('model', model);
  form.append('response_format', 'verbose_json');
  form.append('timestamp_granularities[]', 'segment');
  if (language !== null) form.append('language', language);
  if (prompt !== null) form.append('prompt', prompt);
  return form;
}

/** Throws an Error for an answer that is longer than any could be; it is not read to its end. */
async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    length += (chunk as Buffer).byteLength;
    if (length > MOST_ANSWERED_BYTES)
      throw new Error(`the answer has more than ${MOST_ANSWERED_BYTES / 1024 / 1024} MiB`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
