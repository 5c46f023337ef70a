import { z } from 'zod';

const WAIT_S = z.number().positive().max(300);
const DAY_S = z.number().positive().max(86_400);

/** Reads `limits` of a job. All are in seconds. */
export const WireLimits = z
  .strictObject({
    max_duration_s: DAY_S.default(14_400),
    /** How long a call may stay empty before the recording ends. */
    empty_timeout_s: DAY_S.default(60),
    /** How long the page may take to load before the recording fails. */
    load_timeout_s: WAIT_S.default(30),
    /** How long the worker waits, after load, for a readiness signal before it records without one. */
    ready_timeout_s: WAIT_S.default(15),
  })
  .transform((wire) => ({
    maxDurationS: wire.max_duration_s,
    emptyTimeoutS: wire.empty_timeout_s,
    loadTimeoutS: wire.load_timeout_s,
    readyTimeoutS: wire.ready_timeout_s,
  }));

export type RecordingLimits = Readonly<z.output<typeof WireLimits>>;
