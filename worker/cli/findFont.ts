import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * The fontconfig pattern of fonts that draw 😀 in colour. Many text fonts also contain it, but as a black
 * outline.
 */
export const COLOUR_EMOJI = ':charset=1f600:color=true';

/** Resolves to the family of an installed font that fits a fontconfig pattern. Throws if there is none. */
export async function findFont(pattern: string, list = listFamilies): Promise<string> {
  const family = (await list(pattern)).trim().split('\n')[0];
  if (!family) throw new Error('none installed');
  return family;
}

/** Resolves to one family per line, or to an empty text if no font fits. */
async function listFamilies(pattern: string): Promise<string> {
  return (await run('fc-list', [pattern, 'family'])).stdout;
}
