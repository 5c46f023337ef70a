import { z } from 'zod';
import { CallServerAddress } from '../wire/address.ts';
import { Credential } from '../wire/credential.ts';
import { type CallSourceDescriptor, NO_ACCESS } from './callSourceDescriptor.ts';

const schema = z.strictObject({
  kind: z.literal('livekit'),
  url: CallServerAddress,
  token: Credential.min(1).nullable().default(null),
});

export type LiveKitCallSource = Readonly<z.output<typeof schema>>;

/** A room on a LiveKit server. Without a token the worker mints one for the room named `call.id`. */
export const liveKitSource = {
  kind: 'livekit',
  schema,
  pageSchema: z.looseObject({
    kind: z.literal('livekit'),
    url: z.string().min(1),
    token: z.string().min(1),
  }),
  secretsOf: ({ token }) => [token],
  accessOf: ({ url, token }) => ({ ...NO_ACCESS, url, token: token ?? '' }),
  addressesOf: ({ url }) => [url],
} satisfies CallSourceDescriptor<LiveKitCallSource>;
