import { createHash } from 'node:crypto';

/** Numbers from 0 to 1, the same for the same seed (a Lehmer generator). */
export function randomFrom(seed: string): () => number {
  let state = (createHash('sha256').update(seed).digest().readUInt32BE() % 2_147_483_646) + 1;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
