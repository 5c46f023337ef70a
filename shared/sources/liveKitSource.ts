import { z } from 'zod';
import { CallServerAddress } from '../wire/address.ts';
import { Credential } from '../wire/credential.ts';
import { type Looked, secretOr } from '../wire/secret.ts';
import { type CallSourceDescriptor, NO_ACCESS } from './callSourceDescriptor.ts';

const secret = secretOr(Credential.min(1)).nullable().default(null);

const schema = z
  .strictObject({
    kind: z.literal('livekit'),
    url: CallServerAddress,
    token: secret,
    /** With these, the worker mints the token; without them and without a token, with its own. */
    api_key: secret,
    api_secret: secret,
    /** The text from which the people of a call that is encrypted end to end make their key; null for other calls. */
    e2ee_key: secret,
  })
  .refine((wire) => (wire.api_key === null) === (wire.api_secret === null), {
    error: 'api_key and api_secret go together',
  })
  .refine((wire) => wire.token === null || wire.api_key === null, {
    error: 'has either a token, or an api_key and an api_secret to mint one',
  })
  .transform(({ kind, url, token, api_key, api_secret, e2ee_key }) => ({
    kind,
    url,
    token,
    apiKey: api_key,
    apiSecret: api_secret,
    e2eeKey: e2ee_key,
  }));

export type LiveKitCallSource = Looked<z.output<typeof schema>>;

/** A room on a LiveKit server. Without a token the worker mints one for the room named `call.id`. */
export const liveKitSource = {
  kind: 'livekit',
  schema,
  pageSchema: z.looseObject({
    kind: z.literal('livekit'),
    url: z.string().min(1),
    token: z.string().min(1),
    /** They are used up where the token is minted. */
    apiKey: z.null().default(null),
    apiSecret: z.null().default(null),
    e2eeKey: z.string().min(1).nullable().default(null),
  }),
  secretsOf: ({ token, apiSecret, e2eeKey }) => [token, apiSecret, e2eeKey],
  accessOf: ({ url, token }) => ({ ...NO_ACCESS, url, token: token ?? '' }),
  addressesOf: ({ url }) => [url],
  // A token names one participant. Where the worker mints it, each tab is another one.
  mayOpenTwice: ({ token }) => token === null,
} satisfies CallSourceDescriptor<LiveKitCallSource>;
