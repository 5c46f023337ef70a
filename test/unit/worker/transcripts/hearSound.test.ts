import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hearSound } from '../../../../worker/transcripts/hearSound.ts';
import { runTool } from '../../../support/inspect/runTool.ts';
import { says, startTranscriber, type Transcriber } from '../../../support/startTranscriber.ts';

let folder: string;
let service: Transcriber;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hear-sound-'));
  const noise = ['-f', 'lavfi', '-i', 'anoisesrc=duration=12:sample_rate=48000'];
  await runTool('ffmpeg', ['-v', 'error', ...noise, '-c:a', 'aac', '-f', 'mp4', join(folder, 'sound')]);
  service = await startTranscriber();
});
afterAll(async () => {
  await service?.close();
  await rm(folder, { recursive: true, force: true });
});

function hear(answersName: string, mostHeard?: number) {
  const service_ = {
    ...{ url: service.url, apiKey: null, model: 'whisper-1' },
    ...{ language: null, prompt: null, storage: null },
  };
  const access = { service: service_, agents: null, cancel: new AbortController().signal };
  const limits = { longestS: 3, mostBytes: 1_000_000 };
  return hearSound(join(folder, 'sound'), join(folder, answersName), access, limits, mostHeard);
}

test('what a service tells of all parts together is limited, because it is all in memory', async () => {
  service.answers(says('a'.repeat(400)));
  const { segments } = await hear('enough');
  expect(segments.length).toBeGreaterThanOrEqual(4);
  const before = service.asked.length;
  await expect(hear('too-much', 1_200)).rejects.toMatchObject({
    message: 'the service tells of more than can be said in the recording',
    isFinal: true,
  });
  expect(service.asked.length - before).toBe(3);
});
