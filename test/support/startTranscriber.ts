import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a transcriber was sent. */
export interface Asked {
  readonly headers: IncomingHttpHeaders;
  readonly path: string;
  /** The fields of the form but the file. */
  readonly fields: Readonly<Record<string, string>>;
  readonly file: { readonly name: string; readonly type: string; readonly bytes: Buffer };
}

/** Answers one request. */
export type Answering = (asked: Asked, response: ServerResponse, number: number) => void | Promise<void>;

export interface Transcriber {
  /** As `transcription.url` of a job. */
  readonly url: string;
  /** Every request so far. */
  readonly asked: Asked[];
  /** How it answers from now on; `number` counts from 0. */
  answers(answer: Answering): void;
  close(): Promise<void>;
}

/** Starts a server on loopback that speaks OpenAI's transcription API, and reads requests as any such server does. */
export async function startTranscriber(answer: Answering = says('hello')): Promise<Transcriber> {
  const asked: Asked[] = [];
  let answering = answer;
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const one = await readForm(request.url ?? '', request.headers, Buffer.concat(chunks));
    asked.push(one);
    await answering(one, response, asked.length - 1);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    answers: (next) => {
      answering = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers that this was said in the first second of every part. */
export function says(text: string): Answering {
  return (_, response) => {
    const segments = [{ id: 0, start: 0, end: 1, text }];
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ task: 'transcribe', language: 'english', duration: 1, text, segments }));
  };
}

/** Answers with a status and a text. */
export function fails(status: number, text = ''): Answering {
  return (_, response) => void response.writeHead(status).end(text);
}

async function readForm(path: string, headers: IncomingHttpHeaders, body: Buffer): Promise<Asked> {
  const type = String(headers['content-type']);
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  const file = form.get('file') as File;
  const fields = [...form].filter(([name]) => name !== 'file').map(([name, value]) => [name, String(value)]);
  return {
    ...{ headers, path, fields: Object.fromEntries(fields) },
    file: { name: file.name, type: file.type, bytes: Buffer.from(await file.arrayBuffer()) },
  };
}
