import { z } from 'zod';
import { type CallSourceDescriptor, NO_ACCESS } from './callSourceDescriptor.ts';

const SCRIPTS = ['standup', 'steady'] as const;
const participants = z.int().min(0).max(100);
const duration = z.number().positive().nullable();

const schema = z
  .strictObject({
    kind: z.literal('demo'),
    participants: participants.default(5),
    /** `standup`: they join, speak, mute, share a screen and leave. `steady`: all stay and take turns. */
    script: z.enum(SCRIPTS).default('standup'),
    /** After how many seconds the call ends; null for never. */
    duration_s: duration.default(null),
  })
  .transform(({ duration_s, ...wire }) => ({ ...wire, durationS: duration_s }));

export type DemoCallSource = Readonly<z.output<typeof schema>>;

/** Simulated people with drawn video and tones; nothing outside the tab is needed. */
export const demoSource = {
  kind: 'demo',
  schema,
  pageSchema: z.looseObject({
    kind: z.literal('demo'),
    participants,
    script: z.enum(SCRIPTS),
    durationS: duration,
  }),
  secretsOf: () => [],
  accessOf: () => NO_ACCESS,
  addressesOf: () => [],
  mayOpenTwice: () => true,
} satisfies CallSourceDescriptor<DemoCallSource>;
