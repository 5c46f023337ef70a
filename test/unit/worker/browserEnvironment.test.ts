import { expect, test } from 'vitest';
import { browserEnvironment } from '../../../worker/browserEnvironment.ts';

test('a browser gets what it needs to run, and none of the keys of the worker', () => {
  const needed = {
    PATH: '/bin',
    HOME: '/home/a',
    LANG: 'C',
    LC_ALL: 'C',
    TMPDIR: '/t',
    XDG_CACHE_HOME: '/c',
  };
  const keys = {
    AWS_SECRET_ACCESS_KEY: 'a',
    AWS_SESSION_TOKEN: 'b',
    LIVEKIT_API_SECRET: 'c',
    REDIS_URL: 'redis://:d@host',
    COMPOSITOR_SECRET_HOOK: 'e',
    COMPOSITOR_SEAL_KEY: 'f',
    NODE_OPTIONS: '--inspect',
    LD_PRELOAD: '/evil.so',
  };
  expect(browserEnvironment({ ...needed, ...keys, LANGUAGE: undefined })).toEqual(needed);
});

test('a browser gets the proxy, without its password', () => {
  const env = { https_proxy: 'http://me:secret@proxy:3128', NO_PROXY: 'localhost' };
  expect(browserEnvironment(env)).toEqual({ https_proxy: 'http://proxy:3128', NO_PROXY: 'localhost' });
});
