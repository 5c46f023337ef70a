import { z } from 'zod';
import {
  CONTAINERS,
  DEFAULT_QUALITY,
  type EncodingProfile,
  encodingProfileOf,
  FRAME_RATES,
  H264_PROFILES,
  QUALITIES,
} from '../encoding/encodingProfile.ts';
import { LAYOUT_SPELLINGS, type LayoutName, layoutNamed } from '../layout/layoutNames.ts';
import { findOptionProblems } from '../layout/resolveLayoutOptions.ts';
import { CALL_SOURCES, type CallSource } from '../sources/callSource.ts';
import { STORAGES, type StorageTarget } from '../storages/storageTarget.ts';
import { unknownName } from './nearestName.ts';

const HTTP = /^https?$/;
const address = z.url({
  protocol: HTTP,
  error: (issue) => `is not an http or https address: ${JSON.stringify(issue.input)}`,
});
const emptyIsNull = (given: unknown) => (given === '' ? null : given);
const optionalAddress = z.preprocess(emptyIsNull, address.nullable().default(null));
const identifier = z.string().trim().min(1, { error: 'must not be empty' }).max(200);

const Layout = z
  .strictObject({
    name: z.string().default('spotlight'),
    options: z.record(z.string(), z.unknown()).nullable().default({}),
    external_css_url: optionalAddress,
    external_app_url: optionalAddress,
  })
  .superRefine((layout, context) => {
    if (!LAYOUT_SPELLINGS.includes(layout.name)) {
      context.addIssue({
        code: 'custom',
        path: ['name'],
        message: unknownName('layout', layout.name, LAYOUT_SPELLINGS),
      });
    }
    if (layout.name === 'custom' && layout.external_app_url === null) {
      context.addIssue({
        code: 'custom',
        path: ['external_app_url'],
        message: 'is needed for the layout "custom"',
      });
    }
    for (const { key, message } of findOptionProblems(layout.options ?? {})) {
      context.addIssue({ code: 'custom', path: ['options', key], message });
    }
  });

const qualityError = (issue: { input?: unknown }) => unknownName('quality', String(issue.input), QUALITIES);

const oneOf = (what: string, known: readonly (string | number)[]) => ({
  error: (issue: { input?: unknown }) => unknownName(what, String(issue.input), known.map(String)),
});

/** Bounds: AAC and Opus in stereo; video from a slide show to what no call needs. */
const Encoding = z.strictObject({
  container: z.enum(CONTAINERS, oneOf('container', CONTAINERS)).default('mp4'),
  frame_rate: z.literal(FRAME_RATES, oneOf('frame rate', FRAME_RATES)).default(30),
  h264_profile: z.enum(H264_PROFILES, oneOf('H.264 profile', H264_PROFILES)).nullable().default(null),
  video_bitrate_kbps: z.number().min(100).max(50_000).nullable().default(null),
  audio_bitrate_kbps: z.number().min(32).max(320).default(128),
});

const Recording = z.strictObject({
  mode: z
    .enum(['available', 'auto-on'], {
      error: 'must be "available" or "auto-on" for a call to be recorded',
    })
    .default('available'),
  audio_only: z.boolean().default(false),
  quality: z.enum(QUALITIES, { error: qualityError }).default(DEFAULT_QUALITY),
  encoding: Encoding.prefault({}),
  layout: Layout.prefault({}),
});

const Limits = z.strictObject({
  max_duration_s: z.number().positive().max(86_400).default(14_400),
  /** How long a call may stay empty before the recording ends. */
  empty_timeout_s: z.number().positive().max(86_400).default(60),
  /** How long the page may take to load before the recording fails. */
  load_timeout_s: z.number().positive().max(300).default(30),
  /** How long after load a readiness signal is waited for before recording starts without one. */
  ready_timeout_s: z.number().positive().max(300).default(15),
});

const Webhook = z.strictObject({
  url: address,
  /** Signing secret, `whsec_…` in base64, as Standard Webhooks defines it. */
  secret: z.string().min(1).nullable().default(null),
});

function unknownKind(what: string, kinds: readonly string[]) {
  return (issue: { input?: unknown }) => {
    const given = (issue.input as { kind?: unknown } | undefined)?.kind;
    return given === undefined
      ? `kind is missing: one of ${kinds.join(', ')}`
      : unknownName(what, String(given), kinds);
  };
}

const Source = z.discriminatedUnion('kind', [CALL_SOURCES.demo, CALL_SOURCES.livekit, CALL_SOURCES.app], {
  error: unknownKind('source', Object.keys(CALL_SOURCES)),
});

const Storage = z.discriminatedUnion('kind', [STORAGES.local, STORAGES.s3], {
  error: unknownKind('storage', Object.keys(STORAGES)),
});

/** The wire schema of a job: what a call platform puts on the queue. */
export const RecordingJob = z
  .strictObject({
    call: z.strictObject({
      type: identifier.default('default'),
      id: identifier,
      session_id: identifier.nullable().default(null),
    }),
    source: Source.nullable().default(null),
    recording: Recording.prefault({}),
    storage: Storage.nullable().default(null),
    webhook: Webhook.nullable().default(null),
    limits: Limits.prefault({}),
  })
  .superRefine((job, context) => {
    const { encoding } = job.recording;
    if (encoding.container === 'webm' && encoding.h264_profile !== null)
      context.addIssue({
        code: 'custom',
        path: ['recording', 'encoding', 'h264_profile'],
        message: 'goes with the container "mp4"; WebM carries VP9',
      });
    const source = job.source;
    if (job.recording.layout.external_app_url !== null) return;
    if (source === null)
      context.addIssue({
        code: 'custom',
        path: ['source'],
        message: 'is missing: where does the call come from?',
      });
    if (source?.kind === 'app') {
      context.addIssue({
        code: 'custom',
        path: ['source', 'kind'],
        message: '"app" needs recording.layout.external_app_url',
      });
    }
  });

/** A validated job, complete: no field is optional and every default is filled in. */
export interface RecordingRequest {
  readonly id: string;
  readonly call: {
    readonly type: string;
    readonly id: string;
    readonly sessionId: string | null;
  };
  readonly source: CallSource;
  readonly audioOnly: boolean;
  readonly encoding: EncodingProfile;
  readonly layout: {
    /** null for an external page that was given no built-in layout name. */
    readonly name: LayoutName | null;
    readonly options: Readonly<Record<string, unknown>>;
    readonly externalCssUrl: string | null;
    readonly externalAppUrl: string | null;
  };
  /** null for the worker's own default. */
  readonly storage: StorageTarget | null;
  readonly webhook: {
    readonly url: string;
    readonly secret: string | null;
  } | null;
  readonly limits: {
    readonly maxDurationS: number;
    readonly emptyTimeoutS: number;
    readonly loadTimeoutS: number;
    readonly readyTimeoutS: number;
  };
}

/** The request that a parsed job stands for; `id` is the job's, and names the recording everywhere. */
export function toRecordingRequest(id: string, job: z.output<typeof RecordingJob>): RecordingRequest {
  const { call, recording, limits } = job;
  return {
    id,
    call: { type: call.type, id: call.id, sessionId: call.session_id },
    source: job.source ?? {
      kind: 'app',
      apiKey: '',
      token: '',
      userId: '',
      baseUrl: '',
      url: '',
    },
    audioOnly: recording.audio_only,
    encoding: encodingProfileOf(recording.quality, {
      container: recording.encoding.container,
      frameRate: recording.encoding.frame_rate,
      h264Profile: recording.encoding.h264_profile,
      videoBitrateBps: kbps(recording.encoding.video_bitrate_kbps),
      audioBitrateBps: recording.encoding.audio_bitrate_kbps * 1000,
    }),
    layout: {
      name: layoutNamed(recording.layout.name),
      options: recording.layout.options ?? {},
      externalCssUrl: recording.layout.external_css_url,
      externalAppUrl: recording.layout.external_app_url,
    },
    storage: job.storage,
    webhook: job.webhook,
    limits: {
      maxDurationS: limits.max_duration_s,
      emptyTimeoutS: limits.empty_timeout_s,
      loadTimeoutS: limits.load_timeout_s,
      readyTimeoutS: limits.ready_timeout_s,
    },
  };
}

function kbps(given: number | null): number | null {
  return given === null ? null : given * 1000;
}

/** `default:standup`, the name by which events speak of a call. */
export function callCid(call: { readonly type: string; readonly id: string }): string {
  return `${call.type}:${call.id}`;
}
