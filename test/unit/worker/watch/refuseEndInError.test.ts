import { expect, test } from 'vitest';
import type { PageProbe } from '../../../../shared/page/pageProbe.ts';
import { refuseEndInError } from '../../../../worker/watch/refuseEndInError.ts';
import type { Snapshot } from '../../../../worker/watch/snapshot.ts';

const page = (text: string, lastError: string | null = null) =>
  ({ tab: { probe: { text } as PageProbe, lastError } as Snapshot['tab'] }) as const;

test.each([
  'Could not connect to the call',
  "Can't join: token expired",
  'Server unreachable',
  'Error 403',
  'You are not authorized',
  'The connection timed out',
  'Room not found',
])('a page that ends a call before it was ready has failed where it shows "%s"', (text) => {
  expect(() => refuseEndInError(page(text))).toThrow(`it shows: ${text}`);
});

test.each([
  '',
  'The call is over',
  'Thank you for coming',
  'Waiting for others to join',
])('a call was just over where the page shows "%s"', (text) => {
  expect(() => refuseEndInError(page(text))).not.toThrow();
});

test('a page that told an error has failed whatever it shows', () => {
  expect(() => refuseEndInError(page('', 'Uncaught Error: 401'))).toThrow('Uncaught Error: 401');
});
