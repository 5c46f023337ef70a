import { z } from 'zod';
import { CallServerAddress, HttpAddress } from '../../../shared/wire/address.ts';

/**
 * Where the calls of a call type come from. In `room`, `app_url` and `user_id`, `{call_type}` and `{call_id}` stand for
 * those of the call; in an address they are encoded.
 */
export const CallOrigin = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('livekit'),
    url: CallServerAddress,
    api_key: z.string().min(1),
    api_secret: z.string().min(1),
    room: z.string().min(1).default('{call_id}'),
  }),
  z.strictObject({
    kind: z.literal('app'),
    /** The layout app that is recorded where the settings of call and call type name none. */
    app_url: HttpAddress,
    api_key: z.string().default(''),
    token: z.string().default(''),
    user_id: z.string().default(''),
    base_url: z.string().default(''),
    url: z.string().default(''),
  }),
  /** Simulated people, to try out the servers without a call. */
  z.strictObject({
    kind: z.literal('demo'),
    participants: z.int().min(0).max(100).default(5),
    duration_s: z.number().positive().nullable().default(null),
  }),
]);

export type CallOrigin = Readonly<z.output<typeof CallOrigin>>;
