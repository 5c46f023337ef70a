import { z } from 'zod';
import type { ComposerMessage } from '../../shared/recorder/composerMessages.ts';
import { shortened } from '../../shared/wire/quoted.ts';

/** In characters. A second of the largest pictures has some megabytes. */
const LONGEST_PAYLOAD = 16_000_000;
/** Of what stands in results and logs. In characters. */
const LONGEST_TEXT = 1_000;

const count = z.int().min(0);
const seconds = z.number().min(0);
const time = z.number();
const base64 = z.string();
const text = z.string().transform((given) => shortened(given, LONGEST_TEXT));

const Stats = z.strictObject({
  slots: count,
  encodings: z.array(z.strictObject({ frames: count, droppedFrames: count })).max(100),
  blankForS: seconds,
  silentForS: seconds,
  decodedS: seconds,
  why: text.nullable(),
});

const Message: z.ZodType<ComposerMessage> = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('begun'), startsBlank: z.boolean(), startUs: time, firstSlot: count }),
  z.strictObject({
    type: z.literal('picture'),
    encoding: count,
    isKey: z.boolean(),
    timestampUs: time.min(0),
    durationUs: time.min(0),
    data: base64,
    config: z
      .strictObject({
        codec: z.string().max(100),
        codedWidth: count,
        codedHeight: count,
        description: base64.max(10_000).nullable(),
      })
      .nullable(),
  }),
  z.strictObject({ type: z.literal('stats'), stats: Stats }),
  z.strictObject({ type: z.literal('finished'), stats: Stats }),
  z.strictObject({ type: z.literal('full') }),
  z.strictObject({ type: z.literal('failed'), message: text }),
]);
const Messages = z.array(Message).max(1_000);

/** Messages as they come off the binding; null where it has something else: pages are not ours to trust. */
export function readComposed(payload: string): readonly ComposerMessage[] | null {
  if (payload.length > LONGEST_PAYLOAD) return null;
  try {
    return Messages.safeParse(JSON.parse(payload)).data ?? null;
  } catch {
    return null;
  }
}
