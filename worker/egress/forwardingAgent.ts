import { Agent, type ClientRequestArgs } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * Connects requests that a browser sends over `source` without TLS. Where no answer comes, because the connection
 * could not be made or broke, `source` is closed as well: to the browser that is a network error, as without a proxy. An
 * answer of the proxy's own would look to a page as if the server had sent it.
 */
export function forwardingAgent(
  connect: (host: string, port: number) => Promise<Socket>,
  source: Socket,
): Agent {
  return new ForwardingAgent(connect, source);
}

class ForwardingAgent extends Agent {
  readonly #connect: (host: string, port: number) => Promise<Socket>;
  readonly #source: Socket;

  constructor(connect: (host: string, port: number) => Promise<Socket>, source: Socket) {
    super({ keepAlive: false });
    this.#connect = connect;
    this.#source = source;
  }

  override createConnection(
    { host, port }: ClientRequestArgs,
    callback: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    this.#connect(String(host), Number(port ?? 80)).then(
      (socket) => {
        this.#closeWithoutAnswer(socket);
        callback(null, socket);
      },
      (error) => {
        this.#source.destroy();
        (callback as (error: Error) => void)(error);
      },
    );
  }

  #closeWithoutAnswer(socket: Socket): void {
    const close = () => {
      if (socket.bytesRead === 0) this.#source.destroy();
    };
    // Before the request listens, which would have an answer made up.
    socket.prependListener('error', close).prependListener('end', close).prependListener('close', close);
  }
}
