import { z } from 'zod';
import { LayoutChange } from '../layout/layoutChange.ts';
import { RECORD_STATES } from './recordingReply.ts';

const MOST_ON_A_PAGE = 200;

const Time = z.iso.datetime({ offset: true });
const RecordingId = z.string().regex(/^[\w-]{1,100}$/, { error: 'is no id of a recording' });

const STATE = `(${RECORD_STATES.join('|')})`;
const STATES = new RegExp(`^${STATE}(,${STATE})*$`);

export const RecordingParams = z.object({ id: RecordingId });

/** GET /recordings: the newest first. */
export const ListQuery = z.object({
  call_type: z.string().max(64).optional(),
  call_id: z.string().max(200).optional(),
  session_id: z.string().max(200).optional(),
  call: z.string().max(300).optional().meta({ description: 'A part of `type:id`, in any case' }),
  state: z
    .string()
    .regex(STATES, {
      error: `must be one or several of ${RECORD_STATES.join(', ')}, with commas between them`,
    })
    .optional()
    .meta({ description: 'Several are written with commas between them' }),
  from: Time.optional().meta({ description: 'Started at this time or later' }),
  until: Time.optional().meta({ description: 'Started at this time or earlier' }),
  limit: z.coerce.number<number>().int().min(1).max(MOST_ON_A_PAGE).default(50),
  cursor: z.string().max(200).optional().meta({ description: '`next` of the page before' }),
});
export type ListQuery = z.input<typeof ListQuery>;

/** PATCH /recordings/{id}. */
export const RecordingChange = z.strictObject({ layout: LayoutChange });
export type RecordingChange = z.input<typeof RecordingChange>;

/** POST /recordings/{id}/pause: what the file has for the time in which nothing is captured. */
export const PauseRecording = z.strictObject({
  mode: z
    .enum(['skip', 'silence'])
    .default('skip')
    .meta({ description: 'skip: nothing; silence: a still picture and silence' }),
});
export type PauseRecording = z.input<typeof PauseRecording>;

/** GET /events. */
export const EventQuery = z.object({
  after: z
    .string()
    .regex(/^\d{1,15}-\d{1,15}$/, { error: 'is no position that an event has had as its id' })
    .optional()
    .meta({ description: 'The `id` of the last event that was heard' }),
  recording_id: RecordingId.optional().meta({ description: 'Only events of this recording' }),
});
export type EventQuery = z.input<typeof EventQuery>;
