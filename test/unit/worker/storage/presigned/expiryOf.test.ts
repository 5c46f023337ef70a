import { expect, test } from 'vitest';
import { expiryOf } from '../../../../../worker/storage/presigned/expiryOf.ts';

test.each([
  ['X-Amz-Date=20260131T120000Z&X-Amz-Expires=60', '2026-01-31T12:01:00.000Z'],
  ['X-Goog-Date=20260131T120000Z&X-Goog-Expires=3600', '2026-01-31T13:00:00.000Z'],
  ['Expires=1769860800&Signature=x', '2026-01-31T12:00:00.000Z'],
  ['sv=2024-11-04&se=2026-01-31T12%3A00%3A00Z&sig=x', '2026-01-31T12:00:00.000Z'],
  ['X-Amz-Date=20260131T120000Z', null],
  ['Expires=tomorrow', null],
  ['token=x', null],
])('the address with %s expires at %s', (query, expiry) => {
  const ms = expiryOf(`https://bucket.example/a.mp4?${query}`);
  expect(ms === null ? null : new Date(ms).toISOString()).toBe(expiry);
});
