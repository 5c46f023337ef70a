import { expect, test } from 'vitest';
import { startAndStop } from '../../../bench/startsAndStops.ts';
import { redisMissing } from '../../../support/startRedis.ts';

test.skipIf(redisMissing)(
  'no recording is lost, doubled or orphaned, also when one of two servers is killed in the middle',
  async () => {
    // `npm run soak:api` does the same 500 times.
    const report = await startAndStop(24);
    expect(report).toMatchObject({ starts: 24, lost: 0, doubled: 0, orphaned: 0 });
  },
  120_000,
);
