import { type Client, createClient } from '../../client/api/createClient.ts';

/** Which server is asked and who asks, as the options of a command say it. */
export interface ServerOptions {
  readonly url?: string;
  readonly apiKey?: string;
  readonly apiSecret?: string;
  readonly token?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What an option stands for, unless it is given. */
export const SERVER_VARIABLES = {
  url: 'COMPOSITOR_URL',
  apiKey: 'COMPOSITOR_API_KEY',
  apiSecret: 'COMPOSITOR_API_SECRET',
  token: 'COMPOSITOR_TOKEN',
} as const satisfies Record<keyof ServerOptions, string>;

/** A client of the server that options or environment name; null where they name none. Throws an Error for half of one. */
export function connectTo(options: ServerOptions, env: Environment): Client | null {
  const given = (name: keyof ServerOptions) => options[name] || env[SERVER_VARIABLES[name]] || null;
  const url = given('url');
  if (url === null) return null;
  const [apiKey, secret, token] = [given('apiKey'), given('apiSecret'), given('token')];
  if (!URL.canParse(url))
    throw new Error(`"${url}" is not the address of a server, such as https://recordings.example.com`);
  if (apiKey === null) throw new Error('The API key is missing: set COMPOSITOR_API_KEY, or give --api-key');
  if (token !== null) return createClient({ url, apiKey, token });
  if (secret !== null) return createClient({ url, apiKey, secret });
  throw new Error(
    'The secret of the API key is missing: set COMPOSITOR_API_SECRET, or COMPOSITOR_TOKEN with a token',
  );
}

/** As above. Throws an Error where no server is named, since only a server can do this. */
export function needServer(options: ServerOptions, env: Environment): Client {
  const client = connectTo(options, env);
  if (client !== null) return client;
  throw new Error(
    'No server is named: set COMPOSITOR_URL, or give --url. Without a server, only "get" and "stop" work',
  );
}
