import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from './findProgram.ts';
import { runTool } from './inspect/runTool.ts';
import { startTranscriber, type Transcriber } from './startTranscriber.ts';

const run = promisify(execFile);
const flite = findProgram('flite');
const pocketsphinx = findProgram('pocketsphinx_continuous');
const MODEL = '/usr/share/pocketsphinx/model/en-us/en-us';

/** Why nothing can be spoken and understood here, or null. */
export const speechMissing =
  flite && pocketsphinx && existsSync(MODEL)
    ? null
    : 'flite, pocketsphinx or its English model are missing (Debian: apt-get install flite pocketsphinx pocketsphinx-en-us)';

/** Speaks an English text into a WAV file. */
export async function speak(text: string, path: string): Promise<void> {
  await run(String(flite), ['-voice', 'slt', '-t', text, '-o', path]);
}

interface Word {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A service that really listens: it speaks OpenAI's transcription API, and pocketsphinx understands English for it. */
export function startListener(): Promise<Transcriber> {
  return startTranscriber(async ({ file }, response) => {
    const words = await wordsIn(file.bytes);
    const text = words.map((word) => word.text).join(' ');
    const segments =
      words.length === 0 ? [] : [{ id: 0, start: words[0]?.start, end: words.at(-1)?.end, text }];
    const duration = words.at(-1)?.end ?? 0;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ task: 'transcribe', language: 'english', duration, text, segments }));
  });
}

/** The words in a sound of any format, each with its times in seconds. */
async function wordsIn(sound: Buffer): Promise<Word[]> {
  const folder = await mkdtemp(join(tmpdir(), 'listener-'));
  try {
    const [given, wav] = [join(folder, 'given'), join(folder, 'sound.wav')];
    await writeFile(given, sound);
    await runTool('ffmpeg', ['-v', 'error', '-i', given, '-ac', '1', '-ar', '16000', wav]);
    const { stdout } = await run(String(pocketsphinx), [
      '-infile',
      wav,
      '-time',
      'yes',
      '-logfn',
      '/dev/null',
    ]);
    // Lines of words: "weather 2.040 2.360 0.941"; the others are whole sentences, and what is no word is in signs.
    return [...stdout.matchAll(/^([a-z']+)(?:\(\d+\))? ([\d.]+) ([\d.]+) [\d.]+$/gm)].map(
      ([, text, start, end]) => ({ text: String(text), start: Number(start), end: Number(end) }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
