import { z } from 'zod';
import { type EncodingChoices, encodingProfileOf, type Quality } from '../encoding/encodingProfile.ts';
import { ENCODING_FIELDS, type WireEncoding } from '../encoding/wireEncoding.ts';
import { WireStorage } from '../storages/storageTarget.ts';

/** Each is encoded on its own, which costs the worker's cores; more than these no machine carries in real time. */
const MOST_OUTPUTS = 4;

const WireOutput = z.strictObject({
  name: z
    .string()
    .regex(/^[\w-]{1,64}$/, { error: 'must be 1 to 64 letters, digits, "-" or "_"' })
    .nullish(),
  container: ENCODING_FIELDS.container.nullish(),
  h264_profile: ENCODING_FIELDS.h264_profile.nullish(),
  video_bitrate_kbps: ENCODING_FIELDS.video_bitrate_kbps.nullish(),
  audio_bitrate_kbps: ENCODING_FIELDS.audio_bitrate_kbps.nullish(),
  storage: WireStorage.nullish(),
  backup_storage: WireStorage.nullish(),
});

/** Reads `outputs` of a job; null where the job names none. */
export const WireOutputs = z
  .array(WireOutput)
  .min(1, { error: 'must have at least one entry; without it, there is one output named "recording"' })
  .max(MOST_OUTPUTS, { error: `must have at most ${MOST_OUTPUTS} entries` })
  .superRefine((outputs, context) => {
    const names = outputs.map(nameOf);
    for (const [at, name] of names.entries()) {
      if (names.indexOf(name) === at) continue;
      const message = `"${name}" is the name of another output`;
      context.addIssue({ code: 'custom', path: [at, 'name'], message });
    }
  })
  .nullable()
  .default(null);

type Output = z.output<typeof WireOutput>;

/** What the outputs take from the rest of the job where they do not say it themselves. */
export interface OutputDefaults {
  readonly quality: Quality;
  readonly encoding: z.output<typeof WireEncoding>;
  readonly storage: z.output<typeof WireStorage> | null;
  readonly backup: z.output<typeof WireStorage> | null;
  readonly recipients: readonly string[] | null;
}

/** The outputs of a job: those it names, or the one that it means without naming any. */
export function outputsOf(
  outputs: z.output<typeof WireOutputs>,
  { quality, encoding, storage, backup, recipients }: OutputDefaults,
) {
  return (outputs ?? [{}]).map((output: Output, at) => ({
    name: nameOf(output, at),
    encoding: encodingProfileOf(quality, encoding.frame_rate, choicesOf(output, encoding)),
    storage: output.storage ?? storage,
    backup: output.backup_storage ?? backup,
    recipients,
  }));
}

/** Where an output would be WebM and names an H.264 profile: the places of those outputs. */
export function outputsWithH264InWebM(
  outputs: z.output<typeof WireOutputs>,
  encoding: OutputDefaults['encoding'],
): number[] {
  return (outputs ?? []).flatMap((output, at) =>
    (output.container ?? encoding.container) === 'webm' && output.h264_profile ? [at] : [],
  );
}

function choicesOf(output: Output, encoding: OutputDefaults['encoding']): EncodingChoices {
  const container = output.container ?? encoding.container;
  const videoBitrateKbps = output.video_bitrate_kbps ?? encoding.video_bitrate_kbps;
  return {
    container,
    h264Profile: container === 'webm' ? null : (output.h264_profile ?? encoding.h264_profile),
    videoBitrateBps: videoBitrateKbps === null ? null : videoBitrateKbps * 1000,
    audioBitrateBps: (output.audio_bitrate_kbps ?? encoding.audio_bitrate_kbps) * 1000,
  };
}

/** `recording`, `recording-2`, ... where an output has no name. */
function nameOf({ name }: Output, at: number): string {
  return name ?? (at === 0 ? 'recording' : `recording-${at + 1}`);
}
