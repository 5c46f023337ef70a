import { z } from 'zod';
import { layoutNamed } from './layoutNames.ts';

/** A number to compare with, or comparisons that must all hold. */
const Comparison = z.union([
  z.number(),
  z.strictObject({
    $eq: z.number().optional(),
    $neq: z.number().optional(),
    $gt: z.number().optional(),
    $gte: z.number().optional(),
    $lt: z.number().optional(),
    $lte: z.number().optional(),
  }),
]);

/** A condition on the whole call: `{ "participant_count": { "$gte": 5 } }`. */
const CallCondition = z.strictObject({
  participant_count: Comparison.optional(),
  pinned_participant_count: Comparison.optional(),
});
export type CallCondition = z.infer<typeof CallCondition>;

/** A condition on one participant; lists match when any entry does. */
export const ParticipantCondition = z.strictObject({
  userId: z.union([z.string(), z.array(z.string())]).optional(),
  name: z.union([z.string(), z.array(z.string())]).optional(),
  roles: z.union([z.string(), z.array(z.string())]).optional(),
  isPinned: z.boolean().optional(),
  isSpeaking: z.boolean().optional(),
  isDominantSpeaker: z.boolean().optional(),
  hasVideo: z.boolean().optional(),
  hasAudio: z.boolean().optional(),
  hasScreenShare: z.boolean().optional(),
});
export type ParticipantCondition = z.infer<typeof ParticipantCondition>;

const OverrideLayout = z.string().refine((name) => layoutNamed(name) !== null, { error: 'is not a layout' });

/** An override of the layout, or of options, that holds while its condition does. */
export const CustomAction = z.discriminatedUnion('action_type', [
  z.strictObject({
    action_type: z.literal('layout_override'),
    layout: OverrideLayout,
    ignore_screenshare: z.boolean().default(false),
    condition: CallCondition,
  }),
  z.strictObject({
    action_type: z.literal('options_override'),
    options: z.record(z.string(), z.unknown()),
    condition: CallCondition,
  }),
]);
export type CustomAction = z.infer<typeof CustomAction>;
