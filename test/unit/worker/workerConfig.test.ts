import { expect, test } from 'vitest';
import { readWorkerConfig } from '../../../worker/workerConfig.ts';

test('an empty environment gives the documented defaults', () => {
  expect(readWorkerConfig({})).toMatchObject({
    redisUrl: 'redis://127.0.0.1:6379',
    queueName: 'recordings',
    concurrency: null,
    warmBrowsers: 1,
  });
});

test('one error names every setting that is not valid', () => {
  const env = { REDIS_URL: 'http://x', COMPOSITOR_CONCURRENCY: 'many', COMPOSITOR_ALLOW_PRIVATE_URLS: 'yes' };
  expect(() => readWorkerConfig(env)).toThrow(
    /REDIS_URL=http:\/\/x.*COMPOSITOR_CONCURRENCY=many.*COMPOSITOR_ALLOW_PRIVATE_URLS=yes/s,
  );
});
