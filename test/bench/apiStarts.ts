import { Command } from 'commander';
import type { RecordingResult } from '../../shared/events/recordingEvents.ts';
import { eventually } from '../support/eventually.ts';
import { KEYS, QUEUE, signToken } from '../support/startApi.ts';
import { startCompositor } from '../support/startCompositor.ts';
import { startServeProcess } from '../support/startServeProcess.ts';
import { warmedUp } from '../support/warmedUp.ts';
import { type Summary, summarize } from './statistics.ts';

const RECORDED_MS = 1_500;

/** In milliseconds: until a start is answered, and from the answer to the first recorded picture. */
interface ApiStarts {
  readonly answeredMs: Summary | null;
  readonly recordingMs: Summary | null;
}

/** Starts recordings of a simulated call over the API, one after another, at a worker that has a browser ready. */
export async function measureApiStarts(starts: number): Promise<ApiStarts> {
  const compositor = await startCompositor({ COMPOSITOR_WARM_BROWSERS: '1', COMPOSITOR_QUEUE: QUEUE });
  const server = await startServeProcess(String(compositor.env.REDIS_URL), compositor.recordingsDir);
  const authorization = await signToken({}, 'acme');
  const ask = async (method: string, path: string) => {
    const answer = await fetch(
      `${server.url}${path}${path.includes('?') ? '&' : '?'}api_key=${KEYS.acme.key}`,
      {
        ...{ method, headers: { authorization, 'stream-auth-type': 'jwt' } },
      },
    );
    const body = (await answer.json()) as Record<string, unknown>;
    if (!answer.ok) throw new Error(`${method} ${path}: ${JSON.stringify(body)}`);
    return body;
  };
  const answeredMs: number[] = [];
  const recordingMs: number[] = [];
  try {
    for (let index = 0; index < starts; index++) {
      await warmedUp(compositor, 20_000);
      const call = `call-${index}`;
      const beganAtMs = Date.now();
      await ask('POST', `/api/v2/video/call/default/${call}/start_recording`);
      const answeredAtMs = Date.now();
      await new Promise((resolve) => setTimeout(resolve, RECORDED_MS));
      await ask('POST', `/api/v2/video/call/default/${call}/stop_recording`);
      const result = await eventually(
        'it is ready',
        async () => {
          const path = `/api/v1/recordings?call_type=default&call_id=${call}`;
          const [listed] = (await ask('GET', path)).recordings as {
            result: RecordingResult | null;
            started_at: string | null;
            state: string;
          }[];
          return listed?.state === 'ready' && listed;
        },
        { withinMs: 20_000 },
      );
      answeredMs.push(answeredAtMs - beganAtMs);
      recordingMs.push(Date.parse(String(result.started_at)) - answeredAtMs);
      await compositor.idle();
    }
    return { answeredMs: summarize(answeredMs), recordingMs: summarize(recordingMs) };
  } finally {
    await server.kill();
    await compositor.close();
  }
}

/** Prints how long starts over the API take. */
export async function main(argv: string[]): Promise<void> {
  const command = new Command('apiStarts').option('--starts <n>', 'how many', Number, 10).parse(argv);
  console.log(JSON.stringify(await measureApiStarts(command.opts<{ starts: number }>().starts), null, 2));
}
