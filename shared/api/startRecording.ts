import { z } from 'zod';
import { QUALITIES } from '../encoding/encodingProfile.ts';
import { WireSource } from '../sources/callSource.ts';
import { oneOf } from '../wire/nearestName.ts';
import { CallId, CallTypeName } from './callName.ts';
import { judgeLayout, WRITTEN_LAYOUT } from './writtenLayout.ts';

/** The `source` of a job, judged as there and kept as it was written. */
const Source = z.looseObject({ kind: z.string() }).superRefine((source, context) => {
  for (const { path, message } of WireSource.safeParse(source).error?.issues ?? [])
    context.addIssue({ code: 'custom', path, message });
});

/** POST /recordings. What is left out is as the call and its type say. */
export const StartRecording = z.strictObject({
  call_type: CallTypeName.default('default'),
  call_id: CallId,
  audio_only: z.boolean().nullish(),
  quality: z.enum(QUALITIES, oneOf('quality', QUALITIES)).nullish(),
  layout: z
    .strictObject(WRITTEN_LAYOUT)
    .superRefine(judgeLayout)
    .nullish()
    .meta({ description: 'Replaces the layout of the call type as a whole' }),
  storage: z.string().max(64).nullish().meta({ description: 'The name of an external storage' }),
  source: Source.nullish().meta({
    description: 'The `source` of a job, in place of that of the call type; for servers only',
  }),
});
export type StartRecording = z.input<typeof StartRecording>;
