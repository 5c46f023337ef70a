import { z } from '@hono/zod-openapi';
import type { Quality } from '../../../shared/encoding/encodingProfile.ts';
import type { BuiltInTheme } from '../../../shared/layout/builtInThemes.ts';
import type { LayoutName } from '../../../shared/layout/layoutNames.ts';
import { isHttpAddress } from '../../../shared/storages/presignedStorageTarget.ts';
import { HttpAddress } from '../../../shared/wire/address.ts';
import { ApiError } from '../apiError.ts';
import type { Settings } from '../config/callTypeSettings.ts';
import type { TranscriptRequest } from '../recordings/transcripts.ts';

const QUALITIES: Readonly<Record<string, { landscape: Quality; portrait: Quality }>> = {
  low: { landscape: '360p', portrait: 'portrait-360x640' },
  med: { landscape: '720p', portrait: 'portrait-720x1280' },
  high: { landscape: '1080p', portrait: 'portrait-1080x1920' },
  ultra: { landscape: '1440p', portrait: 'portrait-1440x2560' },
};
const LAYOUTS: Readonly<Record<'GRID' | 'SPOTLIGHT' | 'SIDEBAR', LayoutName>> = {
  GRID: 'grid',
  SPOTLIGHT: 'spotlight',
  SIDEBAR: 'sidebar',
};
const PRIORITIES = { SPEAKER: 'speaker', PIN: 'pin' } as const;
const THEMES: Readonly<Record<'DARK' | 'LIGHT' | 'DEFAULT', BuiltInTheme>> = {
  DARK: 'dark',
  LIGHT: 'light',
  DEFAULT: 'default',
};
const MOST_IN_GRID = 25;

/** The documentation's own snippet sends some objects as texts that hold nothing: those count as left out. */
function objectOrText<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((given) => (typeof given === 'string' ? parsed(given) : (given ?? {})), schema);
}

function parsed(text: string): unknown {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null ? read : {};
  } catch {
    return {};
  }
}

const Config = z.looseObject({
  layout: z
    .looseObject({
      type: z.enum(['GRID', 'SPOTLIGHT', 'SIDEBAR']).nullish(),
      priority: z.enum(['SPEAKER', 'PIN']).nullish(),
      gridSize: z.number().int().min(1).max(MOST_IN_GRID).nullish(),
    })
    .nullish(),
  theme: z.enum(['DARK', 'LIGHT', 'DEFAULT']).nullish(),
  mode: z.enum(['video-and-audio', 'audio']).nullish(),
  quality: z.enum(['low', 'med', 'high', 'ultra']).nullish(),
  orientation: z.enum(['portrait', 'landscape']).nullish(),
});

const Transcription = z.looseObject({
  enabled: z.boolean().nullish(),
  /** The model of the service that is configured. */
  modelId: z.string().max(200).nullish(),
  summary: z.looseObject({ enabled: z.boolean().nullish() }).nullish(),
});

const RoomId = z.string().min(1, { error: 'is missing' }).max(200);
export const StartRoom = z.looseObject({
  roomId: RoomId,
  config: objectOrText(Config),
  templateUrl: HttpAddress.nullish(),
  transcription: objectOrText(Transcription),
  webhookUrl: HttpAddress.nullish(),
  awsDirPath: z
    .string()
    .max(500)
    .regex(/^[^\p{Cc}\\]*$/u, { error: 'is no folder of a bucket' })
    .nullish(),
  preSignedUrl: z.string().max(4_000).nullish(),
  fileFormat: z.string().max(20).nullish(),
});
export type StartRoom = z.output<typeof StartRoom>;
export const EndRoom = z.looseObject({ roomId: RoomId });
export const ListRooms = z.object({
  roomId: z.string().max(200).optional(),
  sessionId: z.string().max(200).optional(),
  page: z.coerce.number().int().min(1).default(1),
  perPage: z.coerce.number().int().min(1).max(100).default(20),
});

/** No message quotes it: whoever has it may write there. */
const PreSignedUrl = z.string().refine(isHttpAddress);

/** Throws an ApiError that names the first thing that is asked for and not built. */
export function refuseNotBuilt({ transcription, fileFormat }: StartRoom): void {
  const notBuilt: Record<string, boolean> = {
    'transcription.summary': transcription.enabled === true && transcription.summary?.enabled === true,
    [`fileFormat "${fileFormat}"`]: (fileFormat ?? 'mp4') !== 'mp4',
  };
  const first = Object.keys(notBuilt).find((name) => notBuilt[name]);
  if (first !== undefined) throw new ApiError('not_built', `not built yet: ${first}`);
}

/** Where the file is to be PUT; null where the request names nothing, or holds the word that the documentation's snippet has. */
export function addressOf({ preSignedUrl }: StartRoom): string | null {
  if (!/^https?:/i.test(preSignedUrl ?? '')) return null;
  const { success, data } = PreSignedUrl.safeParse(preSignedUrl);
  if (success) return data;
  throw new ApiError('bad_input', 'preSignedUrl: is not an http or https address');
}

/** What a request asks for of a transcript; null where it asks for none. */
export function transcriptOf({ transcription }: StartRoom): TranscriptRequest | null {
  return transcription.enabled === true ? { model: transcription.modelId || null } : null;
}

/** What a request sets of a recording; the rest is that of the call and of its type. */
export function settingsOf({ config, templateUrl }: StartRoom): Settings {
  const { mode, quality, orientation } = config;
  const side = orientation ?? 'landscape';
  const chosen = quality ?? (orientation ? 'med' : null);
  return {
    recording: {
      ...(mode && { audio_only: mode === 'audio' }),
      ...(chosen && { quality: QUALITIES[chosen]?.[side] }),
      ...layoutOf(config, templateUrl ?? null),
    },
  };
}

function layoutOf({ layout, theme }: z.output<typeof Config>, templateUrl: string | null) {
  if (templateUrl !== null) return { layout: { name: 'custom', external_app_url: templateUrl } };
  const { type, priority, gridSize } = layout ?? {};
  if (!type && !theme && !priority) return {};
  const options = {
    ...(type === 'GRID' && gridSize && { 'layout.grid.page_size': gridSize }),
    ...(priority && { 'layout.priority': PRIORITIES[priority] }),
    ...(theme && { 'layout.theme': THEMES[theme] }),
  };
  return { layout: { name: LAYOUTS[type ?? 'SPOTLIGHT'], options } };
}
