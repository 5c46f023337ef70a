import { z } from 'zod';
import type { ErrorCode } from '../events/errorCodes.ts';
import {
  type EndReason,
  PAUSE_MODES,
  type RecordingEvent,
  type RecordingFailure,
  type RecordingGap,
  type RecordingPause,
  type RecordingProgress,
  type RecordingWarning,
} from '../events/recordingEvents.ts';

/** The states of a recording as the API tells them: fewer than workers have, because some of theirs last for a moment. */
export const RECORD_STATES = [
  'queued',
  'starting',
  'recording',
  'paused',
  'stopping',
  'ready',
  'failed',
  'absent',
] as const;
export type RecordState = (typeof RECORD_STATES)[number];

/** Who starts recordings; `auto_on` is the mode of a call. */
export const STARTERS = ['server', 'user', 'auto_on'] as const;

/** A text that is one of the names of a type which is not listed anywhere. */
const textOf = <Name extends string>() => z.string() as unknown as z.ZodType<Name>;

const Time = z.iso.datetime({ offset: true });

const Progress: z.ZodType<RecordingProgress> = z.object({
  elapsed_s: z.number(),
  frames: z.number(),
  dropped_frames: z.number(),
  size_bytes: z.number(),
});

const Warning: z.ZodType<RecordingWarning> = z.object({
  code: textOf<RecordingWarning['code']>(),
  message: z.string(),
  at_s: z.number().nullable(),
  until_s: z.number().optional(),
});

const Gap: z.ZodType<RecordingGap> = z.object({
  from_s: z.number(),
  until_s: z.number().nullable(),
  reason: z.string(),
});

const Pause: z.ZodType<RecordingPause> = z.object({
  from_s: z.number(),
  until_s: z.number().nullable(),
  lasted_s: z.number().nullable(),
  mode: z.enum(PAUSE_MODES),
  paused_at: Time,
});

const Failure: z.ZodType<RecordingFailure> = z.object({
  code: textOf<ErrorCode>(),
  message: z.string(),
  blame: textOf<RecordingFailure['blame']>(),
  help: z.string(),
});

/** A stored file, with a link from which anyone can read it for some time. */
const RecordingFile = z.object({
  ...{ name: z.string(), filename: z.string(), url: z.string(), media_type: z.string() },
  ...{ size_bytes: z.number(), duration_s: z.number(), frames: z.number(), dropped_frames: z.number() },
});

/** What became of the transcript that was asked for; `url` as with files. */
const Transcript = z.object({
  status: z.enum(['waiting', 'ready', 'failed']),
  ...{ language: z.string().nullable(), error: z.string().nullable() },
  files: z.array(
    z.object({
      ...{ format: z.enum(['vtt', 'json']), filename: z.string(), url: z.string() },
      ...{ media_type: z.string(), size_bytes: z.number() },
    }),
  ),
});

const Layout = z.object({
  name: z.string(),
  options: z.record(z.string(), z.unknown()),
  external_css_url: z.string().nullable(),
  external_app_url: z.string().nullable(),
});
export type RecordingLayout = z.output<typeof Layout>;

/** What the API tells of a recording. Times are RFC 3339; those in `_s` are seconds into the recording. */
export const Recording = z
  .object({
    ...{ id: z.string(), state: z.enum(RECORD_STATES) },
    ...{ call_type: z.string(), call_id: z.string(), session_id: z.string() },
    started_by: z.object({ kind: z.enum(STARTERS), user_id: z.string().nullable() }),
    ...{ audio_only: z.boolean(), quality: z.string(), layout: z.string() },
    layout_settings: Layout.nullable().meta({
      description: 'All of the layout, with every change so far; null where an egress has started it',
    }),
    storage: z.string().nullable().meta({ description: 'The name of an external storage' }),
    ...{ created_at: Time, stop_requested_at: Time.nullable() },
    started_at: Time.nullable().meta({ description: 'When its first picture was recorded' }),
    ended_at: Time.nullable(),
    end_reason: textOf<EndReason | ErrorCode>().nullable(),
    duration_s: z.number().nullable(),
    decoded_s: z.number().nullable().meta({
      description: 'For how many seconds videos went into the picture as they were decoded',
    }),
    progress: Progress.nullable().meta({ description: 'null unless it is being recorded' }),
    worker: z.string().nullable().meta({ description: 'The worker that records it now' }),
    ...{ warnings: z.array(Warning), gaps: z.array(Gap), error: Failure.nullable() },
    pauses: z.array(Pause),
    transcript: Transcript.nullable(),
    files: z.array(RecordingFile),
  })
  .meta({ id: 'Recording' });
export type Recording = z.output<typeof Recording>;

/** An event as the workers tell it; its other fields depend on its type. */
export const ToldEvent = z
  .looseObject({ type: z.string(), recording_id: z.string(), call_cid: z.string(), created_at: Time })
  .meta({ id: 'RecordingEvent' }) as unknown as z.ZodType<RecordingEvent>;

/** GET /recordings/{id}: also its events, apart from progress, the oldest first. */
export const RecordingWithEvents = Recording.extend({ events: z.array(ToldEvent) });
export type RecordingWithEvents = z.output<typeof RecordingWithEvents>;

/** `next` is the cursor of the next page, and null on the last one. */
export const RecordingPage = z.object({ recordings: z.array(Recording), next: z.string().nullable() });
export type RecordingPage = z.output<typeof RecordingPage>;
