import { expect, test } from 'vitest';
import { readRoute } from '../../../../layout-app/console/route.ts';

test.each([
  ['#/recordings/0872b747-74e1', { place: 'recordings', id: '0872b747-74e1' }],
  ['#/workers', { place: 'workers', id: null }],
  ['#/recordings/%', { place: 'recordings', id: '%' }],
  ['#/recordings/%E0%A4%A?state=ready', { place: 'recordings', id: '%E0%A4%A' }],
])('the address %s leads to a place, however it is written', (hash, place) => {
  expect(readRoute(hash)).toMatchObject(place);
});
