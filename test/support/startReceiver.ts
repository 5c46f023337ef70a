import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** How a receiver answers: with a status, by breaking the connection, or not at all. */
export type Answer = number | 'breaks off' | 'is silent';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The `type` of the event. */
  readonly type: string;
  readonly recordingId: string;
}

export interface Receiver {
  readonly url: string;
  /** Every request so far. */
  readonly received: Received[];
  /** How it answers from now on. */
  answers(answer: Answer | ((received: Received) => Answer)): void;
  /** Stops listening, and breaks what is open. */
  goDown(): Promise<void>;
  /** Listens again on the same port. */
  comeBack(): Promise<void>;
}

/** Starts a receiver of webhooks on loopback. It answers 200 until it is told otherwise. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  let answerTo: (received: Received) => Answer = () => 200;
  let port = 0;
  let server: Server | null = null;

  async function comeBack(): Promise<void> {
    const listening = createServer(async (request, response) => {
      const body = await text(request).catch(() => '');
      if (body === '') return;
      const { type, recording_id: recordingId } = JSON.parse(body);
      const one = { headers: request.headers, body, type, recordingId };
      received.push(one);
      const answer = answerTo(one);
      if (answer === 'breaks off') request.socket.destroy();
      else if (answer !== 'is silent')
        response.writeHead(answer, { location: `http://127.0.0.1:${port}/elsewhere` }).end();
    });
    await new Promise<void>((resolve) => listening.listen(port, '127.0.0.1', resolve));
    port = (listening.address() as AddressInfo).port;
    server = listening;
  }

  await comeBack();
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    answers: (answer) => {
      answerTo = typeof answer === 'function' ? answer : () => answer;
    },
    goDown: async () => {
      server?.closeAllConnections();
      await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
      server = null;
    },
    comeBack,
  };
}
