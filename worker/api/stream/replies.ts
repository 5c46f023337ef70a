import { z } from '@hono/zod-openapi';

/** A time: Unix nanoseconds below `/api/v2`, RFC 3339 below `/video`. */
const Time = z
  .union([z.number(), z.string()])
  .openapi({ description: 'Unix nanoseconds, or RFC 3339 below /video' });
const Anything = z.record(z.string(), z.unknown());
const duration = z.string().openapi({ description: 'How long the answer took' });

export const Done = z.object({ duration }).openapi('Done');

export const RecordingReply = z
  .object({
    filename: z.string(),
    url: z.string(),
    start_time: Time,
    end_time: Time,
    session_id: z.string(),
    recording_type: z.string(),
  })
  .openapi('CallRecording');
export const RecordingsReply = z.object({ recordings: z.array(RecordingReply), duration });

const CallReply = z
  .looseObject({
    id: z.string(),
    type: z.string(),
    cid: z.string(),
    recording: z.boolean(),
    settings: Anything,
  })
  .openapi('Call');
export const CallStateReply = z.object({
  call: CallReply,
  members: z.array(Anything),
  own_capabilities: z.array(z.string()),
  created: z.boolean().optional(),
  duration,
});
export const CallTypeReply = z
  .looseObject({
    name: z.string(),
    settings: Anything,
    grants: z.record(z.string(), z.array(z.string())),
    notification_settings: Anything,
    created_at: Time,
    updated_at: Time,
    duration,
  })
  .openapi('CallType');
export const CallTypesReply = z.object({ call_types: z.record(z.string(), Anything), duration });

export const StorageReply = z
  .object({ name: z.string(), bucket: z.string(), path: z.string(), type: z.string(), duration })
  .openapi('ExternalStorage');
export const StoragesReply = z.object({ external_storages: z.record(z.string(), Anything), duration });
export const CheckReply = z.object({ file_url: z.string(), duration });
