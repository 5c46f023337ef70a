import { readFile, rename, writeFile } from 'node:fs/promises';
import { askService, type ServiceAccess } from './askService.ts';
import { withSound } from './extractSound.ts';
import type { Heard } from './readAnswer.ts';
import { PART_LIMITS, type PartLimits, soundParts } from './soundParts.ts';
import { TranscriptError } from './transcriptError.ts';
import { type HeardPart, joinParts, type Transcript } from './writeTranscript.ts';

/**
 * What is heard in a whole recording, in characters, with what a segment takes besides: ten times what is said in two days. All
 * of it is in memory, beside recordings that run.
 */
const MOST_HEARD = 32_000_000;
const CHARACTERS_OF_A_SEGMENT = 100;

/**
 * Has a service write down what is said in a sound, part after part. What it has answered is kept at `answersPath`, so that
 * a later try goes on behind it. Throws a TranscriptError.
 */
export async function hearSound(
  soundPath: string,
  answersPath: string,
  access: ServiceAccess,
  limits: PartLimits = PART_LIMITS,
  mostHeard = MOST_HEARD,
): Promise<Transcript> {
  const answers = await readAnswers(answersPath);
  return withSound(soundPath, async (track) => {
    if (track === null) throw new TranscriptError('the recording has no sound', true);
    const parts: HeardPart[] = [];
    let size = 0;
    for await (const part of soundParts(track, limits)) {
      access.cancel.throwIfAborted();
      const { startS, durationS } = part;
      const earlier = answers[parts.length];
      const isSame = earlier?.startS === startS && earlier.durationS === durationS;
      const heard = isSame ? earlier.heard : await askService(part, access);
      parts.push({ startS, durationS, heard });
      size += sizeOf(heard);
      if (size > mostHeard)
        throw new TranscriptError('the service tells of more than can be said in the recording', true);
      if (!isSame) await keepAnswers(answersPath, parts);
    }
    return joinParts(parts);
  });
}

function sizeOf({ segments }: Heard): number {
  return segments.reduce((sum, { text }) => sum + text.length + CHARACTERS_OF_A_SEGMENT, 0);
}

async function readAnswers(path: string): Promise<HeardPart[]> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return []; // there are none yet
  }
}

/** All at once, so that what is there can always be read. */
async function keepAnswers(path: string, parts: readonly HeardPart[]): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(parts), { mode: 0o600 });
  await rename(`${path}.new`, path);
}
