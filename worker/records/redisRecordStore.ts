import type { Redis } from 'ioredis';
import type { RecordingEvent, RecordingResult } from '../../shared/events/recordingEvents.ts';
import { answersOf } from '../answersOf.ts';
import { eventStreamOf, MOST_IN_STREAM } from './eventStream.ts';
import { type RecordingRecord, type RecordStore, stateAfter } from './recordStore.ts';

/** A record can be read for this long after its last event. */
const KEPT_S = 7 * 24 * 60 * 60;
/** A recording publishes a few dozen events. If one publishes far more, only the newest are kept. */
const MOST_EVENTS = 500;

/**
 * A recording that waits has no result yet. But a complete one is not recorded again, however long its second start waits
 * for a worker to say so: then nothing changes.
 */
const BEGIN_ANEW = `
local result = redis.call('HGET', KEYS[1], 'result')
if result and cjson.decode(result).status == 'completed' then return 0 end
redis.call('HSET', KEYS[1], 'state', 'queued')
redis.call('HDEL', KEYS[1], 'result', 'transcript', 'pauses')
return 1
`;

/**
 * Keeps records in Redis under the queue's name: a hash for each recording, a list of its events, a
 * sorted set of all recordings by the time of their first event, and a stream of the events of all.
 */
export function redisRecordStore(redis: Redis, queueName: string): RecordStore {
  const prefix = `call-compositor:${queueName}`;
  const index = `${prefix}:records`;
  const stream = eventStreamOf(queueName);
  const recordKey = (id: string) => `${prefix}:record:${id}`;
  const eventsKey = (id: string) => `${prefix}:record-events:${id}`;

  async function get(id: string): Promise<RecordingRecord | null> {
    return readRecord(await redis.hgetall(recordKey(id)));
  }

  return {
    get,
    note: async (event) => {
      const id = event.recording_id;
      const [record, events] = [recordKey(id), eventsKey(id)];
      const state = stateAfter(event);
      if (state === 'queued' && (await get(id))?.result?.status === 'completed') return; // see BEGIN_ANEW
      const { recording_id, call_cid, created_at } = event;
      const changes = redis.multi();
      changes.hset(record, { recording_id, call_cid, updated_at: created_at });
      changes.hsetnx(record, 'created_at', created_at);
      changes.hsetnx(record, 'state', 'queued');
      // It may have been completed since it was read: where two workers have it, one says that it waits and one that it is over.
      if (state === 'queued') changes.eval(BEGIN_ANEW, 1, record);
      else if (state) changes.hset(record, { state });
      if (event.type === 'call.recording_started') changes.hset(record, { started_at: created_at });
      // A job that is run again under the same id has no result yet.
      if (event.type === 'call.recording_phase' && state !== 'queued')
        changes.hdel(record, 'result', 'transcript');
      if ('pauses' in event) changes.hset(record, { pauses: JSON.stringify(event.pauses) });
      if ('result' in event) changes.hset(record, { result: JSON.stringify(event.result) });
      if ('transcript' in event) changes.hset(record, { transcript: JSON.stringify(event.transcript) });
      if (event.type === 'call.recording_progress') changes.hset(record, { progress: progressOf(event) });
      else {
        const text = JSON.stringify(event);
        changes
          .rpush(events, text)
          .ltrim(events, -MOST_EVENTS, -1)
          .expire(events, KEPT_S)
          .xadd(stream, 'MAXLEN', '~', MOST_IN_STREAM, '*', 'event', text)
          .expire(stream, KEPT_S);
      }
      changes.expire(record, KEPT_S);
      changes.zadd(index, 'NX', Date.parse(created_at), id).expire(index, KEPT_S);
      changes.zremrangebyscore(index, '-inf', Date.parse(created_at) - KEPT_S * 1000);
      await answersOf(changes);
    },
    events: async (id) => {
      const texts = await redis.lrange(eventsKey(id), 0, -1);
      return texts.map((text) => JSON.parse(text) as RecordingEvent);
    },
    list: async ({ offset, limit }) => {
      const ids = await redis.zrevrange(index, offset, offset + limit - 1);
      const records = await Promise.all(ids.map(get));
      return records.filter((record) => record !== null);
    },
    forget: async (id) => {
      await redis.multi().del(recordKey(id), eventsKey(id)).zrem(index, id).exec();
    },
  };
}

function progressOf(event: Extract<RecordingEvent, { type: 'call.recording_progress' }>): string {
  const { elapsed_s, frames, dropped_frames, size_bytes } = event;
  return JSON.stringify({ elapsed_s, frames, dropped_frames, size_bytes });
}

function readRecord(hash: Readonly<Record<string, string>>): RecordingRecord | null {
  if (hash.recording_id === undefined) return null;
  const { progress, pauses, result, transcript, ...fields } = hash;
  return {
    started_at: null,
    ...(fields as unknown as Omit<RecordingRecord, 'started_at' | 'pauses' | 'progress' | 'result'>),
    pauses: pauses === undefined ? [] : JSON.parse(pauses),
    progress: progress === undefined ? null : JSON.parse(progress),
    result: result === undefined ? null : withTranscript(JSON.parse(result), transcript),
  };
}

/** The result with what became of its transcript afterwards. */
function withTranscript(result: RecordingResult, transcript: string | undefined): RecordingResult {
  return transcript === undefined ? result : { ...result, transcript: JSON.parse(transcript) };
}
