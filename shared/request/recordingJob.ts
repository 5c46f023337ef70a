import { z } from 'zod';
import { DEFAULT_QUALITY, pictureSizeOf, QUALITIES } from '../encoding/encodingProfile.ts';
import { H264_IN_WEBM, WireEncoding } from '../encoding/wireEncoding.ts';
import { WireLayout } from '../layout/layoutRequest.ts';
import { APP_WITHOUT_ACCESS } from '../sources/appSource.ts';
import { descriptorOf, WireSource } from '../sources/callSource.ts';
import { WireStorage } from '../storages/storageTarget.ts';
import { WireTranscription } from '../transcription/transcription.ts';
import { Identifier } from '../wire/identifier.ts';
import { oneOf } from '../wire/nearestName.ts';
import { SecretReference } from '../wire/secret.ts';
import { TenantName } from '../wire/tenant.ts';
import { WireEncryption } from './encryption.ts';
import { WireLimits } from './limits.ts';
import { outputsOf, outputsWithH264InWebM, WireOutputs } from './outputs.ts';
import { RECORDING_KINDS } from './recordingKinds.ts';
import { WireWebhook } from './webhook.ts';

const VIDEO_WAYS = ['drawn', 'decoded'] as const;

const WireCall = z
  .strictObject({
    type: Identifier.default('default'),
    id: Identifier,
    session_id: Identifier.nullable().default(null),
  })
  .transform(({ session_id, ...call }) => ({ ...call, sessionId: session_id }));

const WireRecording = z.strictObject({
  mode: z
    .enum(['available', 'auto-on'], {
      error: 'must be "available" or "auto-on" for a call to be recorded',
    })
    .default('available'),
  audio_only: z.boolean().default(false),
  quality: z.enum(QUALITIES, oneOf('quality', QUALITIES)).default(DEFAULT_QUALITY),
  encoding: WireEncoding.prefault({}),
  layout: WireLayout.prefault({}),
  /** How videos get into the picture: as the browser draws them, or as they were decoded where that looks the same. */
  videos: z.enum(VIDEO_WAYS, oneOf('videos', VIDEO_WAYS)).default('decoded'),
});

const Fields = z.strictObject({
  kind: z.enum(RECORDING_KINDS, oneOf('kind', RECORDING_KINDS)).default('composed'),
  tenant: TenantName.nullable().default(null),
  call: WireCall,
  source: WireSource.nullable().default(null),
  recording: WireRecording.prefault({}),
  outputs: WireOutputs,
  storage: WireStorage.nullable().default(null),
  backup_storage: WireStorage.nullable().default(null),
  encryption: WireEncryption.nullable().default(null),
  transcription: WireTranscription.nullable().default(null),
  webhook: WireWebhook.nullable().default(null),
  limits: WireLimits.prefault({}),
});

/** The wire schema of a job: what a call platform puts on the queue. It gives a request, all but its id. */
export const RecordingJob = Fields.superRefine((job, context) => {
  for (const { path, message } of findContradictions(job))
    context.addIssue({ code: 'custom', path, message });
}).transform(toRequest);

interface Contradiction {
  readonly path: (string | number)[];
  readonly message: string;
}

/** What is wrong between parts of a job that are right by themselves. */
function findContradictions(job: z.output<typeof Fields>): Contradiction[] {
  const { source, recording, outputs } = job;
  const problems: Contradiction[] = outputsWithH264InWebM(outputs, recording.encoding).map((at) => ({
    path: ['outputs', at, 'h264_profile'],
    message: H264_IN_WEBM,
  }));
  if (job.encryption !== null && storagesOf(job).some((target) => isKeptElsewhere(target))) {
    const message =
      'cannot go with a storage of the durability "machine", which has the recording before it is encrypted';
    problems.push({ path: ['encryption'], message });
  }
  if (goTwiceToOneAddress(job)) {
    const message =
      'name one presigned address for several files, of which the last one would replace the others; each needs its own';
    problems.push({ path: ['outputs'], message });
  }
  if (needsPlaceForTranscript(job)) {
    const message =
      'is missing: the first file goes to a presigned address, which takes no second one; say where the transcript goes';
    problems.push({ path: ['transcription', 'storage'], message });
  }
  if (recording.layout.externalAppUrl !== null) return problems;
  if (source === null)
    problems.push({ path: ['source'], message: 'is missing: where does the call come from?' });
  else if (descriptorOf(source).pageSchema === null) {
    const message = `"${source.kind}" needs recording.layout.external_app_url`;
    problems.push({ path: ['source', 'kind'], message });
  }
  return problems;
}

function storagesOf({ storage, backup_storage, outputs }: z.output<typeof Fields>) {
  const own = (outputs ?? []).flatMap((output) => [output.storage, output.backup_storage]);
  return [storage, backup_storage, ...own];
}

/** Whether two files would be sent to the same presigned address. One and its backup are one file. */
function goTwiceToOneAddress({ storage, backup_storage, outputs }: z.output<typeof Fields>): boolean {
  const addresses = (outputs ?? [{}]).flatMap((output: Partial<NonNullable<typeof outputs>[number]>) => {
    const both = [output.storage ?? storage, output.backup_storage ?? backup_storage];
    const urls = both.flatMap((target) => (target?.kind === 'presigned' ? [target.url] : []));
    return [...new Set(urls.map((url) => (url instanceof SecretReference ? `secret ${url.secret}` : url)))];
  });
  return new Set(addresses).size < addresses.length;
}

/** Whether the transcript cannot lie beside the recording, whose first file it is made of. */
function needsPlaceForTranscript({ storage, outputs, transcription }: z.output<typeof Fields>): boolean {
  const first = outputs?.[0]?.storage ?? storage;
  return transcription !== null && transcription.storage === null && first?.kind === 'presigned';
}

function isKeptElsewhere(target: object | null | undefined): boolean {
  return target != null && 'durability' in target && target.durability === 'machine';
}

function toRequest(job: z.output<typeof Fields>) {
  const { quality, encoding } = job.recording;
  return {
    kind: job.kind,
    tenant: job.tenant,
    call: job.call,
    source: job.source ?? APP_WITHOUT_ACCESS,
    audioOnly: job.recording.audio_only,
    picture: { ...pictureSizeOf(quality), framesPerSecond: encoding.frame_rate },
    layout: job.recording.layout,
    videos: job.recording.videos,
    outputs: outputsOf(job.outputs, {
      quality,
      encoding,
      storage: job.storage,
      backup: job.backup_storage,
      recipients: job.encryption?.recipients ?? null,
    }),
    transcription: job.transcription,
    webhook: job.webhook,
    limits: job.limits,
  };
}
