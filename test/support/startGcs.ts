import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { GcsStorageTarget } from '../../shared/storages/storageTarget.ts';
import { type GoogleAccounts, googleAccounts } from './googleAccounts.ts';
import { signForS3 } from './signForS3.ts';
import type { S3 } from './startS3.ts';
import { type S3Place, startS3Place } from './startS3Place.ts';

/** Headers that are handed on to the server behind. */
const HANDED_ON = ['content-type', 'content-length', 'content-md5', 'range'];

/** A bucket that is reached as one of Google Cloud Storage. */
export interface Gcs extends Omit<S3Place, 'target'> {
  readonly endpoint: string;
  /** With an account that may do everything with objects. */
  readonly target: GcsStorageTarget;
  readonly accounts: GoogleAccounts;
  /** How often somebody was told that a token is missing, or is taken no more. */
  unauthorizedCount(): number;
}

/**
 * No server that can be installed speaks the XML API of Google Cloud Storage with tokens. So this is a small gateway in
 * front of a real S3 server: it hands out tokens for assertions that it verifies, refuses what Google refuses (no token,
 * missing rights, headers and parameters of AWS, wrong signatures of addresses), in Google's words, and signs for the
 * server behind what is left.
 */
export async function startGcs(): Promise<Gcs> {
  const place = await startS3Place();
  let unauthorized = 0;
  const server = createServer(async (incoming, outgoing) => {
    if (incoming.url === '/token') return handOutToken(accounts, tokenUri, incoming, outgoing);
    const problem = problemOf(accounts, incoming);
    if (problem?.status === 401) unauthorized += 1;
    if (problem) refuse(incoming, outgoing, problem);
    else handOn(place.s3, incoming, outgoing);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const tokenUri = `${endpoint}/token`;
  const accounts = googleAccounts(tokenUri);
  return {
    ...place,
    endpoint,
    accounts,
    target: {
      ...{ kind: 'gcs', bucket: place.target.bucket, prefix: '', durability: 'part', endpoint },
      credentials: accounts.create('objectAdmin'),
    },
    unauthorizedCount: () => unauthorized,
    read: (location) => place.read(location.replace(/^gs:/, 's3:')),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await place.close();
    },
  };
}

async function handOutToken(
  accounts: GoogleAccounts,
  tokenUri: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const [status, answer] = await accounts.tokenFor(new URLSearchParams(await text(incoming)), tokenUri);
  outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer, null, 2));
}

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly details?: string;
}

/** Why Google would not do what is asked; null where it would. */
function problemOf(
  accounts: GoogleAccounts,
  { method = '', url = '', headers }: IncomingMessage,
): Problem | null {
  const foreign = Object.keys(headers).find((name) => /^(x-amz-|amz-sdk-)/.test(name));
  const query = new URL(url, 'http://gateway').searchParams;
  if (foreign !== undefined || query.has('x-id'))
    return { status: 400, code: 'InvalidArgument', message: `${foreign ?? 'x-id'} is none of Google's` };
  const isSigned = query.has('X-Goog-Signature');
  const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
  const email = isSigned
    ? accounts.signerOf({ method, host: String(headers.host), url })
    : accounts.holderOf(token);
  if (email === null && isSigned)
    return { status: 403, code: 'SignatureDoesNotMatch', message: 'Access denied.' };
  if (email === null)
    return { status: 401, code: 'AuthenticationRequired', message: 'Authentication required.' };
  const permission = permissionFor(method, url.split('?')[0] ?? '', query);
  if (accounts.may(email, permission)) return null;
  const details = `${email} does not have ${permission} access to the Google Cloud Storage object.`;
  return { status: 403, code: 'AccessDenied', message: 'Access denied.', details };
}

/** https://cloud.google.com/storage/docs/access-control/iam-xml */
function permissionFor(method: string, path: string, query: URLSearchParams): string {
  const isBucket = /^\/[^/]+\/?$/.test(path);
  if (isBucket && method === 'HEAD') return 'storage.buckets.get';
  if (isBucket && query.has('uploads')) return 'storage.multipartUploads.list';
  if (isBucket) return query.has('delete') ? 'storage.objects.delete' : 'storage.objects.list';
  if (query.has('uploads')) return 'storage.multipartUploads.create';
  if (query.has('uploadId')) {
    if (method === 'GET') return 'storage.multipartUploads.listParts';
    return `storage.multipartUploads.${method === 'DELETE' ? 'abort' : 'create'}`;
  }
  if (method === 'DELETE') return 'storage.objects.delete';
  return `storage.objects.${method === 'PUT' ? 'create' : 'get'}`;
}

/** The body is read to its end, because a client that is cut off while it sends would see a broken connection. */
function refuse(incoming: IncomingMessage, outgoing: ServerResponse, problem: Problem): void {
  const { status, code, message, details } = problem;
  const more = details === undefined ? '' : `<Details>${details}</Details>`;
  const xml = `<?xml version='1.0' encoding='UTF-8'?><Error><Code>${code}</Code><Message>${message}</Message>${more}</Error>`;
  const type = { 'content-type': 'application/xml; charset=UTF-8' };
  incoming.resume().once('end', () => outgoing.writeHead(status, type).end(xml));
}

function handOn(s3: S3, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method = '', url = '', headers } = incoming;
  const target = new URL(url, s3.endpoint);
  for (const name of [...target.searchParams.keys()])
    if (name.startsWith('X-Goog-')) target.searchParams.delete(name);
  const kept = HANDED_ON.filter((name) => headers[name] !== undefined).map((name) => [name, headers[name]]);
  const sent = { ...Object.fromEntries(kept), ...signForS3(s3, method, target) };
  const onward = request(target, { method, headers: sent }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    pipeline(answer, outgoing).catch(() => outgoing.destroy());
  });
  onward.on('error', () => outgoing.destroy());
  pipeline(incoming, onward).catch(() => onward.destroy());
}
