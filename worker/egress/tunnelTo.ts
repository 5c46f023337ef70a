import type { Server } from 'node:http';
import { type Socket, Server as TcpServer } from 'node:net';
import { pipeline } from 'node:stream';

/**
 * What proxy-chain hands a browser's connection to once it has answered CONNECT. It joins the connection with one that
 * is open already; when either ends or fails, so does the other.
 */
export function tunnelTo(target: Socket, source: Socket): Server {
  let isJoined = false;
  source.once('close', () => {
    if (!isJoined) target.destroy();
  });
  if (source.destroyed) target.destroy();
  const server = new TcpServer(() => {
    isJoined = true;
    source.setNoDelay(true);
    pipeline(source, target, source, () => {});
  });
  // proxy-chain asks for the type of an HTTP server, and only emits its connections.
  return server as unknown as Server;
}
