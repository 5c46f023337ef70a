import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RecordingEvent } from '../../shared/events/recordingEvents.ts';
import { redisRecordStore } from '../../worker/records/redisRecordStore.ts';
import { eventually } from '../support/eventually.ts';
import { decodeSound, SAMPLE_RATE_HZ } from '../support/inspect/decodeSound.ts';
import { serveFolder } from '../support/serveFolder.ts';
import { speak, speechMissing, startListener } from '../support/speech.ts';
import { type Compositor, startCompositor } from '../support/startCompositor.ts';
import { startReceiver } from '../support/startReceiver.ts';
import { fails, type Transcriber } from '../support/startTranscriber.ts';

if (speechMissing) console.warn(`No recording is transcribed: ${speechMissing}`);

const SAID = 'people here talk about the weather and the money of the country';
/** What a small model of 2014 understands of it for certain. */
const UNDERSTOOD = ['people', 'weather', 'money', 'country'];
/** A page that says it long enough after it is ready for a busy machine to have begun the recording. */
const PAGE = `<!doctype html><body style="background: teal">
<audio src="said.wav" preload="auto"></audio>
<script>
  const audio = document.querySelector('audio');
  audio.addEventListener('canplaythrough', () => {
    navigator.notifyReady();
    setTimeout(() => audio.play(), 6000);
  }, { once: true });
  audio.addEventListener('ended', () => setTimeout(() => console.log('END_RECORDING'), 1000));
</script>`;

let folder: string;
let pages: Awaited<ReturnType<typeof serveFolder>>;
let compositor: Compositor;
let listener: Transcriber;

beforeAll(async () => {
  if (speechMissing) return;
  folder = await mkdtemp(join(tmpdir(), 'speech-'));
  await speak(SAID, join(folder, 'said.wav'));
  await writeFile(join(folder, 'index.html'), PAGE);
  pages = await serveFolder(folder);
  listener = await startListener();
  compositor = await startCompositor();
});
afterAll(async () => {
  await compositor?.close();
  await listener?.close();
  await pages?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const job = (changes: Record<string, unknown> = {}) => ({
  call: { id: 'speech' },
  recording: { quality: '360p', layout: { external_app_url: pages.url('index.html') } },
  transcription: { url: listener.url },
  limits: { max_duration_s: 30 },
  ...changes,
});

async function transcriptOf(recordingId: string) {
  const store = redisRecordStore(compositor.redis, 'test-recordings');
  return eventually(
    'the transcript is there',
    async () => {
      const transcript = (await store.get(recordingId))?.result?.transcript;
      return transcript && transcript.status !== 'waiting' ? transcript : null;
    },
    { withinMs: 60_000 },
  );
}

describe.skipIf(speechMissing)('what is said in a call', () => {
  test.concurrent.each([
    ['a recording', { call: { id: 'video' } }],
    ['one of sound alone', { call: { id: 'sound' }, audio_only: true }],
    ['a WebM', { call: { id: 'webm' }, encoding: { container: 'webm' } }],
  ])('is understood from %s, at the time when it was said', async (_, { call, ...recording }) => {
    const { layout, quality } = job().recording;
    const run = compositor.start(job({ call, recording: { layout, quality, ...recording } }));
    const result = await run.result;
    expect(result).toMatchObject({ status: 'completed', transcript: { status: 'waiting', files: [] } });
    const { status, files } = await transcriptOf(run.recordingId);
    expect(status).toBe('ready');
    const [vtt, json] = files;
    expect(vtt?.file).toBe(String(result.file).replace(/\.\w+$/, '.vtt'));
    expect(await readFile(String(vtt?.file), 'utf8')).toMatch(/^WEBVTT\n\n00:00:\d\d\.\d{3} --> /);
    const { text, segments, duration } = JSON.parse(await readFile(String(json?.file), 'utf8'));
    expect(text.split(' ')).toEqual(expect.arrayContaining(UNDERSTOOD));
    expect(Math.abs(segments[0].start - (await firstSoundS(String(result.file))))).toBeLessThan(0.5);
    expect(duration).toBeCloseTo(result.duration_s, 0);
  });

  test('does not hold the recording, its events or its worker where the service does not answer', async () => {
    const silent = await startListener();
    silent.answers(fails(503, 'the model is being loaded'));
    const receiver = await startReceiver();
    try {
      const run = compositor.start(
        job({ call: { id: 'unheard' }, transcription: { url: silent.url }, webhook: { url: receiver.url } }),
      );
      const { status, file } = await run.result;
      expect(status).toBe('completed');
      expect((await readFile(String(file))).byteLength).toBeGreaterThan(10_000);
      await compositor.idle();
      const told = await eventually('the webhook hears that it is late', () =>
        receiver.received.find(({ type }) => type === 'call.transcription_delayed'),
      );
      const event = JSON.parse(told.body) as Extract<RecordingEvent, { transcript: unknown }>;
      expect(event.transcript.error).toMatch(/HTTP status 503: the model is being loaded/);
      // Of the recording only the sound is kept until then.
      const kept = await readdir(join(compositor.recordingsDir, '.transcribing'));
      expect(kept).toEqual([expect.stringMatching(/\.sound$/)]);
    } finally {
      await silent.close();
      await receiver.goDown();
    }
  });
});

/** When something is heard first in a recording, in seconds. */
async function firstSoundS(path: string): Promise<number> {
  const samples = await decodeSound(path, 2, { fromS: 0, toS: 30 });
  return samples.findIndex((sample) => Math.abs(sample) > 0.02) / SAMPLE_RATE_HZ;
}
