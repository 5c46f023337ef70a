import { z } from '@hono/zod-openapi';
import { HttpAddress } from '../../../shared/wire/address.ts';

/** How LiveKit numbers and names its presets: the quality of ours with the same size, and pictures a second. */
const PRESETS = {
  H264_720P_30: ['720p', 30],
  H264_720P_60: ['720p', 60],
  H264_1080P_30: ['1080p', 30],
  H264_1080P_60: ['1080p', 60],
  PORTRAIT_H264_720P_30: ['portrait-720x1280', 30],
  PORTRAIT_H264_720P_60: ['portrait-720x1280', 60],
  PORTRAIT_H264_1080P_30: ['portrait-1080x1920', 30],
  PORTRAIT_H264_1080P_60: ['portrait-1080x1920', 60],
} as const;
const PRESET_NAMES = Object.keys(PRESETS) as (keyof typeof PRESETS)[];

const Preset = z
  .union([z.enum(PRESET_NAMES), z.int().min(0).max(7)])
  .transform(
    (given) => PRESETS[typeof given === 'number' ? (PRESET_NAMES[given] as keyof typeof PRESETS) : given],
  );

const S3 = z.looseObject({
  accessKey: z.string().default(''),
  secret: z.string().default(''),
  sessionToken: z.string().default(''),
  region: z.string().default(''),
  endpoint: z.string().default(''),
  bucket: z.string().default(''),
  forcePathStyle: z.boolean().default(false),
});
export type EgressS3 = z.output<typeof S3>;

const Gcp = z.looseObject({
  credentials: z.string().default(''),
  bucket: z.string().default(''),
  proxy: z.unknown().optional(),
});
export type EgressGcp = z.output<typeof Gcp>;

const Azure = z.looseObject({
  accountName: z.string().default(''),
  accountKey: z.string().default(''),
  containerName: z.string().default(''),
});
export type EgressAzure = z.output<typeof Azure>;

const FileOutput = z.looseObject({
  fileType: z.union([z.string(), z.int()]).default('DEFAULT_FILETYPE'),
  filepath: z.string().max(1_000).default(''),
  s3: S3.nullish(),
  gcp: Gcp.nullish(),
  azure: Azure.nullish(),
  aliOSS: z.unknown().optional(),
});
export type EgressFile = z.output<typeof FileOutput>;

const list = z.array(z.unknown()).default([]);
const outputs = {
  file: FileOutput.nullish(),
  fileOutputs: z.array(FileOutput).default([]),
  ...{
    stream: z.unknown().optional(),
    segments: z.unknown().optional(),
    streamOutputs: list,
    segmentOutputs: list,
    imageOutputs: list,
  },
  audioOnly: z.boolean().default(false),
  videoOnly: z.boolean().default(false),
  preset: Preset.default(PRESETS.H264_720P_30),
  advanced: z.unknown().optional(),
  webhooks: z
    .array(z.looseObject({ url: HttpAddress, signingKey: z.string().max(200).default('') }))
    .max(10)
    .default([]),
};

/** StartRoomCompositeEgress, with the names of proto3 JSON. What is left out has the default of proto3. */
export const RoomComposite = z.looseObject({
  ...outputs,
  roomName: z.string().min(1, { error: 'is missing' }).max(200),
  layout: z.string().max(200).default(''),
  customBaseUrl: z.union([z.literal(''), HttpAddress]).default(''),
});
/** StartWebEgress. */
export const WebEgress = z.looseObject({
  ...outputs,
  url: HttpAddress,
  awaitStartSignal: z.boolean().default(false),
});
export const EgressId = z.looseObject({ egressId: z.string().min(1, { error: 'is missing' }).max(200) });
export const NewLayout = z.looseObject({
  egressId: z.string().min(1, { error: 'is missing' }).max(200),
  layout: z.string().max(200).default(''),
});
export const ListEgress = z.looseObject({
  roomName: z.string().max(200).default(''),
  egressId: z.string().max(200).default(''),
  active: z.boolean().default(false),
});

export type StartEgress = z.output<typeof RoomComposite> | z.output<typeof WebEgress>;

/** The body with the names of proto3 JSON: requests may also write them as in the proto file, `room_name`. */
export function withJsonNames(given: unknown): unknown {
  if (Array.isArray(given)) return given.map(withJsonNames);
  if (typeof given !== 'object' || given === null) return given;
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name.replace(/_([a-z\d])/g, (_, letter: string) => letter.toUpperCase()),
      withJsonNames(value),
    ]),
  );
}
