import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Decrypter } from 'age-encryption';
import { findProgram } from './findProgram.ts';

const run = promisify(execFile);
const age = findProgram('age');
if (age === null)
  console.warn('age is not installed: files are decrypted with the package age-encryption instead');

/** What is in a file of the age format, as whoever has the identity gets it, with the program of the format's author. */
export async function decryptWithAge(path: string, identity: string): Promise<Buffer> {
  if (age === null) {
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    return Buffer.from(await decrypter.decrypt(await readFile(path)));
  }
  const identityPath = `${path}.identity`;
  await writeFile(identityPath, `${identity}\n`, { mode: 0o600 });
  try {
    const options = { encoding: 'buffer', maxBuffer: 2 ** 30 } as const;
    return (await run(age, ['--decrypt', '--identity', identityPath, path], options)).stdout;
  } finally {
    await rm(identityPath);
  }
}
