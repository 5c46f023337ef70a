import type { LayoutChange } from '../../../shared/layout/layoutChange.ts';
import type { LayoutName } from '../../../shared/layout/layoutNames.ts';
import { ownTokenUri } from '../../../shared/storages/gcsStorageTarget.ts';
import { serviceAccountKeyProblem } from '../../../shared/storages/serviceAccountKey.ts';
import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import { chooseStorage } from '../recordings/chooseStorage.ts';
import { originOf, tenantOf } from '../recordings/findCall.ts';
import { liveKitSource, recorderIdentity } from '../recordings/jobOf.ts';
import type { RecordingRow } from '../store/rows.ts';
import type { EgressAzure, EgressFile, EgressGcp, EgressS3, StartEgress } from './egressRequest.ts';

/** The call type under which egresses are kept; a tenant may name a source for it. */
export const EGRESS_TYPE = 'livekit';

/** What LiveKit's own recorder calls our layouts, the default first, and the one for which it has no name. */
const LAYOUTS: Readonly<Record<string, LayoutName>> = {
  '': 'spotlight',
  speaker: 'spotlight',
  grid: 'grid',
  'single-speaker': 'single_participant',
  sidebar: 'sidebar',
};
/** The page is recorded as soon as it has loaded, if it need not say when. */
const AT_ONCE_S = 0.001;

/** Where the file of an egress goes; `name` is null for the tenant's own storage. */
export interface EgressStorage {
  readonly name: string | null;
  readonly wire: unknown;
}

/** The job that records what an egress asks for. Throws an ApiError that names what is not built. */
export async function egressJob(
  api: Api,
  row: RecordingRow,
  asked: StartEgress,
  storage: unknown,
): Promise<unknown> {
  const [quality, framesPerSecond] = asked.preset;
  const { limits } = tenantOf(api, row.tenant);
  const recording = { audio_only: asked.audioOnly, quality, encoding: { frame_rate: framesPerSecond } };
  const common = {
    tenant: row.tenant,
    call: { type: EGRESS_TYPE, id: row.callId, session_id: row.sessionId },
    ...(storage === null ? {} : { storage }),
  };
  if ('url' in asked && asked.url !== undefined) {
    const layout = { external_app_url: asked.url };
    const ready = asked.awaitStartSignal ? {} : { ready_timeout_s: AT_ONCE_S };
    return { ...common, recording: { ...recording, layout }, limits: { ...(limits as object), ...ready } };
  }
  const { roomName, layout, customBaseUrl } = asked as Extract<StartEgress, { roomName: string }>;
  const source = await roomSource(api, row, roomName);
  const drawn = customBaseUrl
    ? { name: layout || 'speaker', exact_name: true, external_app_url: customBaseUrl }
    : ourLayout(layout);
  return { ...common, source, recording: { ...recording, layout: drawn }, limits };
}

/**
 * Tells a template of its new layout as LiveKit does: in the metadata of the participant that it is in the room, to which
 * `EgressHelper.onLayoutChanged` of LiveKit's template SDK listens. One that no worker has taken yet is opened with it; one
 * that was opened and is not in the room would miss it, so the client is told to ask again, as LiveKit does.
 */
export async function tellTemplate(
  api: Api,
  { id, tenant, egress, state }: RecordingRow,
  layout: string,
): Promise<void> {
  const origin = originOf(tenantOf(api, tenant), EGRESS_TYPE);
  if (origin?.kind !== 'livekit') return;
  const { url, api_key: apiKey, api_secret: apiSecret } = origin;
  const participant = { room: egress?.roomName ?? '', identity: recorderIdentity(id) };
  const metadata = JSON.stringify({ layout });
  const isThere = await api
    .liveKitMetadata({ url, apiKey, apiSecret, ...participant, metadata })
    .catch((cause) => {
      const message = `the template was not told of its layout, because the LiveKit server ${url} does not answer as it should`;
      throw new ApiError('unavailable', message, { cause });
    });
  if (isThere || state === 'queued') return;
  const message = `the template was not told of its layout, because it is not in the room "${participant.room}"; ask again when it is`;
  throw new ApiError('unavailable', message);
}

async function roomSource(api: Api, row: RecordingRow, room: string): Promise<unknown> {
  const origin = originOf(tenantOf(api, row.tenant), EGRESS_TYPE);
  if (origin?.kind === 'demo') return origin;
  if (origin?.kind !== 'livekit')
    throw new ApiError('bad_input', 'the configuration of the server names no LiveKit server for rooms');
  return liveKitSource(api, origin, room, row);
}

/**
 * What changes in the layout of an egress that is to have another one. A template has layouts of its own. Throws an
 * ApiError where there is nothing that could change.
 */
export function layoutChangeOf({ egress }: RecordingRow, written: string): LayoutChange {
  if (egress?.kind !== 'roomComposite')
    throw new ApiError('bad_input', 'only a room composite egress has a layout');
  if (egress.request.customBaseUrl) return { name: written };
  const { name, options } = ourLayout(written);
  return { name, options: { 'layout.theme': null, ...options } };
}

function ourLayout(written: string): Required<Pick<LayoutChange, 'name' | 'options'>> {
  const [, spelling = '', theme] = /^(.*?)(?:-(light|dark))?$/.exec(written) ?? [];
  const name = Object.hasOwn(LAYOUTS, spelling) ? LAYOUTS[spelling] : undefined;
  if (name === undefined) throw new ApiError('bad_input', `layout: there is no layout "${written}"`);
  return { name, options: theme === undefined ? {} : { 'layout.theme': theme } };
}

/** Throws an ApiError that names the first thing that is asked for and not built. */
export function refuseNotBuilt(asked: StartEgress): void {
  const file = fileOf(asked);
  const notBuilt: Record<string, boolean> = {
    stream: asked.stream != null || asked.streamOutputs.length > 0,
    segments: asked.segments != null || asked.segmentOutputs.length > 0,
    images: asked.imageOutputs.length > 0,
    'several files': asked.fileOutputs.length > 1,
    videoOnly: asked.videoOnly,
    'advanced encoding options': asked.advanced != null,
    aliOSS: file?.aliOSS != null,
    'gcp.proxy': file?.gcp?.proxy != null,
    'files other than MP4': !['DEFAULT_FILETYPE', 'MP4', 0, 1].includes(file?.fileType ?? 0),
  };
  const first = Object.keys(notBuilt).find((name) => notBuilt[name]);
  if (first !== undefined) throw new ApiError('not_built', `not built yet: ${first}`);
  if (file === undefined) throw new ApiError('bad_input', 'the request names no output');
}

/** Clients send a single output twice: by itself, and as the only one of a list. */
export function fileOf({ file, fileOutputs }: StartEgress): EgressFile | undefined {
  return fileOutputs[0] ?? file ?? undefined;
}

/** The bucket or container that the request names, or the tenant's own storage. */
export async function egressStorage(api: Api, row: RecordingRow, file: EgressFile): Promise<EgressStorage> {
  const named = { name: `egress ${row.id}` };
  const folder = folderOf(file.filepath, row);
  if (file.azure) return { ...named, wire: wireContainer(file.azure, folder) };
  if (file.gcp) return { ...named, wire: await wireGcp(api, file.gcp, folder) };
  if (!file.s3) return chooseStorage(api, row.tenant, []);
  if (!file.s3.bucket || !file.s3.accessKey || !file.s3.secret)
    throw new ApiError('bad_input', 's3 needs bucket, accessKey and secret');
  if (file.s3.endpoint) await api.checkAddress(file.s3.endpoint);
  return { ...named, wire: wireBucket(file.s3, folder) };
}

function wireBucket(s3: EgressS3, prefix: string): Record<string, unknown> {
  return {
    ...{
      kind: 's3',
      bucket: s3.bucket,
      prefix,
      region: s3.region || 'us-east-1',
      endpoint: s3.endpoint || null,
    },
    ...{ access_key_id: s3.accessKey, secret_access_key: s3.secret, session_token: s3.sessionToken || null },
    force_path_style: s3.forcePathStyle,
  };
}

async function wireGcp(
  api: Api,
  { bucket, credentials }: EgressGcp,
  prefix: string,
): Promise<Record<string, unknown>> {
  if (!bucket || !credentials)
    throw new ApiError('bad_input', 'gcp needs bucket and credentials, the JSON of a service account');
  const problem = serviceAccountKeyProblem(credentials);
  if (problem !== null) throw new ApiError('bad_input', `gcp.credentials ${problem}`);
  const tokenUri = ownTokenUri(credentials);
  if (tokenUri !== null) await api.checkAddress(tokenUri);
  return { kind: 'gcs', bucket, credentials, prefix };
}

function wireContainer(
  { accountName, accountKey, containerName }: EgressAzure,
  prefix: string,
): Record<string, unknown> {
  if (!accountName || !accountKey || !containerName)
    throw new ApiError('bad_input', 'azure needs accountName, accountKey and containerName');
  return { kind: 'azure', account: accountName, account_key: accountKey, container: containerName, prefix };
}

/** The folder that a file is to lie in. Its name is always ours, since no recording may overwrite another one. */
function folderOf(path: string, { callId, createdAt }: RecordingRow): string {
  const time = new Date(createdAt)
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replaceAll(':', '');
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
  return folder.replaceAll('{room_name}', callId).replaceAll('{time}', time).replace(/^\/+/, '');
}
