import { readFile, rename, writeFile } from 'node:fs/promises';
import { askService, type ServiceAccess } from './askService.ts';
import { withSound } from './extractSound.ts';
import { PART_LIMITS, type PartLimits, soundParts } from './soundParts.ts';
import { TranscriptError } from './transcriptError.ts';
import { type HeardPart, joinParts, type Transcript } from './writeTranscript.ts';

/**
 * Has a service write down what is said in a sound, part after part. What it has answered is kept at `answersPath`, so that
 * a later try goes on behind it. Throws a TranscriptError.
 */
export async function hearSound(
  soundPath: string,
  answersPath: string,
  access: ServiceAccess,
  limits: PartLimits = PART_LIMITS,
): Promise<Transcript> {
  const answers = await readAnswers(answersPath);
  return withSound(soundPath, async (track) => {
    if (track === null) throw new TranscriptError('the recording has no sound', true);
    const parts: HeardPart[] = [];
    for await (const part of soundParts(track, limits)) {
      access.cancel.throwIfAborted();
      const { startS, durationS } = part;
      const earlier = answers[parts.length];
      const isSame = earlier?.startS === startS && earlier.durationS === durationS;
      parts.push(isSame ? earlier : { startS, durationS, heard: await askService(part, access) });
      if (!isSame) await keepAnswers(answersPath, parts);
    }
    return joinParts(parts);
  });
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
