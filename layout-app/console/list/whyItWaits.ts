import type { Recording, WorkerInfo } from '../recording.ts';

/** A worker that has room takes a job within a second or two; this long is not worth a reason. */
const SHORT_MS = 5_000;
/** Less than this is too little for any recording. */
const LEAST_CORES = 0.25;

/** Why a recording waits, and what helps, as far as the workers tell; null where that is not known. */
export function whyItWaits(
  { created_at }: Pick<Recording, 'created_at'>,
  workers: readonly WorkerInfo[] | null,
  nowMs: number,
): string | null {
  if (workers === null) return null;
  if (workers.length === 0) return 'No worker runs. Start one: call-compositor worker';
  const staying = workers.filter(({ is_leaving }) => !is_leaving);
  if (staying.length === 0) return 'Every worker is leaving. Start another one: call-compositor worker';
  if (!staying.some(hasRoom)) return 'Every worker is full. It begins when one of them has room';
  if (nowMs - Date.parse(created_at) < SHORT_MS) return 'A worker takes it in a moment';
  return 'No worker has room for it yet, or its tenant records as many calls as it may';
}

function hasRoom({ recordings, others, concurrency, room }: WorkerInfo): boolean {
  return (concurrency === null || recordings.length + others < concurrency) && room.cores >= LEAST_CORES;
}
