import { z } from 'zod';
import { CallServerAddress, HttpAddress, orEmpty } from '../wire/address.ts';
import { Credential } from '../wire/credential.ts';
import { type Looked, secretOr } from '../wire/secret.ts';
import { type CallSourceDescriptor, NO_ACCESS } from './callSourceDescriptor.ts';

const schema = z
  .strictObject({
    kind: z.literal('app'),
    api_key: secretOr(Credential).default(''),
    token: secretOr(Credential).default(''),
    user_id: Credential.default(''),
    base_url: orEmpty(HttpAddress),
    url: orEmpty(CallServerAddress),
    /** Passed to window.setupLayout as it is, such as "debug" or "warn". */
    log_level: z.string().max(50).default(''),
  })
  .transform((wire) => ({
    kind: wire.kind,
    apiKey: wire.api_key,
    token: wire.token,
    userId: wire.user_id,
    baseUrl: wire.base_url,
    url: wire.url,
    logLevel: wire.log_level,
  }));

export type AppCallSource = Looked<z.output<typeof schema>>;

/** The external layout app joins the call itself; everything given here is handed to it. */
export const appSource = {
  kind: 'app',
  schema,
  pageSchema: null,
  secretsOf: ({ apiKey, token }) => [apiKey, token],
  accessOf: ({ kind: _, ...access }) => access,
  addressesOf: ({ baseUrl, url }) => [baseUrl, url].filter((address) => address !== ''),
  mayOpenTwice: () => false,
} satisfies CallSourceDescriptor<AppCallSource>;

/** What stands for the source of a job that names an external app and nothing else. */
export const APP_WITHOUT_ACCESS: AppCallSource = { kind: 'app', ...NO_ACCESS };
