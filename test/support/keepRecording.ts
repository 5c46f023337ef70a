import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordingResult } from '../../shared/events/recordingEvents.ts';

/** Copies a recording into the folder that KEEP_RECORDINGS names, if it does, so that somebody can look at it. */
export async function keepRecording({ file }: RecordingResult, name: string): Promise<void> {
  const { KEEP_RECORDINGS } = process.env;
  if (!KEEP_RECORDINGS || file === null) return;
  await mkdir(KEEP_RECORDINGS, { recursive: true });
  await copyFile(String(file), join(KEEP_RECORDINGS, `${name.replaceAll(' ', '-')}.mp4`));
}
