import { AccessToken, RoomServiceClient } from 'livekit-server-sdk';
import { findProgram } from './findProgram.ts';
import { freePort } from './freePort.ts';
import { type RunningServer, startServer } from './startServer.ts';

const API_KEY = 'test-key';
// LiveKit warns about secrets under 32 characters.
const API_SECRET = 'a-test-secret-of-no-worth-to-anyone';

const path = findProgram('livekit-server');

/** Why `startLiveKit` cannot work here, or null. */
export const livekitMissing = path
  ? null
  : 'livekit-server is not built (node test/peers/installPeers.mjs builds it)';

export type TokenRequest = {
  roomName: string;
  identity: string;
  name?: string;
  metadata?: string;
  canPublish?: boolean;
  canSubscribe?: boolean;
  hidden?: boolean;
  recorder?: boolean;
  /** Lifetime in seconds. */
  ttlS?: number;
};

export type LiveKit = RunningServer & {
  /** ws:// address for clients. */
  url: string;
  /** http:// address of the server API. */
  apiUrl: string;
  apiKey: string;
  apiSecret: string;
  rooms: RoomServiceClient;
  createToken(request: TokenRequest): Promise<string>;
  /** Ends the server as a crash would, and starts it again at the same address. It then knows none of its rooms. */
  restart(): Promise<void>;
};

/**
 * Starts a LiveKit server whose signalling and media both stay on loopback. It closes a room `departureTimeoutS` after
 * the last person has left; by default LiveKit waits for 20 s. It tells `webhookUrl` who comes and goes.
 */
export async function startLiveKit({
  departureTimeoutS = 20,
  webhookUrl,
}: {
  departureTimeoutS?: number;
  webhookUrl?: string;
} = {}): Promise<LiveKit> {
  if (!path) throw new Error(`LiveKit cannot be started: ${livekitMissing}`);
  const [port, udpPort] = [await freePort(), await freePort()];
  // The settings are in the environment and not in the arguments, because every user of a machine can read
  // arguments. JSON is valid YAML.
  const env = {
    LIVEKIT_CONFIG: JSON.stringify({
      ...loopbackConfig(port, udpPort, departureTimeoutS),
      ...(webhookUrl === undefined ? {} : { webhook: { api_key: API_KEY, urls: [webhookUrl] } }),
    }),
  };
  const start = () => startServer({ name: 'livekit-server', path, args: () => [], env, port });
  let server = await start();
  const apiUrl = `http://127.0.0.1:${port}`;
  return {
    get pid() {
      return server.pid;
    },
    get folderPath() {
      return server.folderPath;
    },
    stop: () => server.stop(),
    restart: async () => {
      await server.stop();
      server = await start();
    },
    url: `ws://127.0.0.1:${port}`,
    apiUrl,
    apiKey: API_KEY,
    apiSecret: API_SECRET,
    rooms: new RoomServiceClient(apiUrl, API_KEY, API_SECRET),
    createToken,
  };
}

function loopbackConfig(port: number, udpPort: number, departureTimeoutS: number) {
  return {
    port,
    bind_addresses: ['127.0.0.1'],
    keys: { [API_KEY]: API_SECRET },
    rtc: {
      // Media over TCP is off, because LiveKit would listen for it on every interface.
      tcp_port: 0,
      udp_port: udpPort,
      node_ip: '127.0.0.1',
      use_external_ip: false,
      enable_loopback_candidate: true,
      // Otherwise clients are told to ask public STUN servers for their address.
      stun_servers: [`127.0.0.1:${udpPort}`],
    },
    room: { departure_timeout: departureTimeoutS },
    logging: { level: 'warn' },
  };
}

function createToken(request: TokenRequest): Promise<string> {
  const { roomName, identity, name = identity, metadata = '', ttlS = 3600, ...rights } = request;
  const token = new AccessToken(API_KEY, API_SECRET, { identity, name, metadata, ttl: ttlS });
  token.addGrant({ room: roomName, roomJoin: true, canPublish: true, canSubscribe: true, ...rights });
  return token.toJwt();
}
