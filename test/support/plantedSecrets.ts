import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redis } from 'ioredis';

/** Where a secret was found: its name, and the place. */
export type Find = `${string} in ${string}`;

/** Looks for secrets, which are given by their names, in everything that a worker leaves behind. */
export function lookForSecrets(secrets: Readonly<Record<string, string>>) {
  const spelled = Object.entries(secrets).map(([name, secret]) => ({ name, spellings: spellingsOf(secret) }));

  function inBytes(bytes: Buffer, place: string): Find[] {
    return spelled.flatMap(({ name, spellings }): Find[] =>
      spellings.some((spelling) => bytes.includes(spelling)) ? [`${name} in ${place}`] : [],
    );
  }

  return {
    inText: (text: string, place: string) => inBytes(Buffer.from(text), place),
    /** In all files below a folder. */
    inFolder: async (folder: string) => {
      const names = await readdir(folder, { recursive: true }).catch(() => []);
      const found = await Promise.all(
        // A file may go away meanwhile, and a folder is none.
        names.map(async (name) =>
          inBytes(await readFile(join(folder, name)).catch(() => Buffer.alloc(0)), name),
        ),
      );
      return found.flat();
    },
    /** In the command line and the environment of a process. */
    inProcess: async (pid: number) => {
      const found = await Promise.all(
        ['cmdline', 'environ'].map(async (part) =>
          inBytes(await readFile(`/proc/${pid}/${part}`).catch(() => Buffer.alloc(0)), part),
        ),
      );
      return found.flat();
    },
    /** In the names and values of all keys, except for some. */
    inRedis: async (redis: Redis, except: readonly string[] = []) => {
      const keys = (await redis.keys('*')).filter((key) => !except.includes(key));
      const found = await Promise.all(
        keys.map(async (key) => inBytes(Buffer.from(key + JSON.stringify(await contentOf(redis, key))), key)),
      );
      return found.flat();
    },
  };
}

/** As itself, as part of an address, of JSON, of JSON in JSON, of base64, and as browsers keep texts. */
function spellingsOf(secret: string): Buffer[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const texts = [
    secret,
    encodeURIComponent(secret),
    encodeURI(secret),
    json,
    JSON.stringify(json).slice(1, -1),
  ];
  const bytes = Buffer.from(secret);
  // What stands before it in the same base64 moves it by 0, 1 or 2 bytes; the first and last letters are not its own.
  const base64 = [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
      .slice(4, -2);
    return [text, text.replaceAll('+', '-').replaceAll('/', '_')];
  });
  return [
    ...[...texts, ...base64, bytes.toString('hex')].map((text) => Buffer.from(text)),
    Buffer.from(secret, 'utf16le'),
  ];
}

async function contentOf(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'string':
      return redis.get(key);
    case 'hash':
      return redis.hgetall(key);
    case 'list':
      return redis.lrange(key, 0, -1);
    case 'set':
      return redis.smembers(key);
    case 'zset':
      return redis.zrange(key, 0, -1);
    case 'stream':
      return redis.xrange(key, '-', '+');
    default:
      return null;
  }
}
