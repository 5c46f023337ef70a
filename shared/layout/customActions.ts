import { z } from 'zod';
import { type Condition, conditionOn } from './conditions.ts';
import { type LayoutName, layoutNamed } from './layoutNames.ts';

/** The schema of a condition on a participant. Published tracks are `audio`, `video` and `screen_share`. */
export const ParticipantCondition = conditionOn({
  userId: 'text',
  name: 'text',
  roles: 'list',
  publishedTracks: 'list',
  isPinned: 'flag',
  isSpeaking: 'flag',
  isDominantSpeaker: 'flag',
  hasVideo: 'flag',
  hasAudio: 'flag',
  hasScreenShare: 'flag',
});
export type ParticipantCondition = Condition;

/** The schema of a condition on the whole call: counts, and the roles and tracks of anybody in it. */
const CallCondition = conditionOn({
  participant_count: 'number',
  pinned_participant_count: 'number',
  roles: 'list',
  published_tracks: 'list',
});

const OverrideLayout = z.string().transform((spelling, context): LayoutName => {
  const name = layoutNamed(spelling);
  if (name === null) context.addIssue('is not a layout');
  return name ?? 'spotlight';
});

/** An override of the layout or of options. It applies as long as the call meets its condition. */
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
