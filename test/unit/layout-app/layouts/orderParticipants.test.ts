import { expect, it } from 'vitest';
import { NO_ORDER, type Order, orderParticipants } from '../../../../layout-app/layouts/orderParticipants.ts';

function person(id: string, more = {}) {
  return {
    id,
    isPinned: false,
    hasScreenShare: false,
    isSpeaking: false,
    isDominantSpeaker: false,
    hasVideo: true,
    joinedAtMs: 0,
    ...more,
  };
}

const ordered = (...ids: string[]): Order => ({ ...NO_ORDER, ids, pageSize: ids.length });

const CROWD = [
  person('late', { joinedAtMs: 5 }),
  person('dark', { joinedAtMs: 4, hasVideo: false }),
  person('dominant', { joinedAtMs: 3, isDominantSpeaker: true }),
  person('early', { joinedAtMs: 1 }),
  person('sharer', { joinedAtMs: 2, hasScreenShare: true }),
  person('pinned', { joinedAtMs: 6, isPinned: true }),
];

it('begins with pinned people, and then goes by time of joining', () => {
  expect(orderParticipants(NO_ORDER, CROWD, 20, 0).ids).toEqual([
    'pinned',
    'early',
    'sharer',
    'dominant',
    'dark',
    'late',
  ]);
});

it('gives a page that is too small to pinned, sharing, dominant people and those with video', () => {
  const { ids } = orderParticipants(NO_ORDER, CROWD, 4, 0);
  expect(ids).toEqual(['pinned', 'early', 'sharer', 'dominant', 'late', 'dark']);
});

it('keeps everybody in place when somebody on the page speaks', () => {
  const people = [person('a'), person('b'), person('c', { isSpeaking: true, isDominantSpeaker: true })];
  expect(orderParticipants(ordered('a', 'b', 'c'), people, 3, 9_000).ids).toEqual(['a', 'b', 'c']);
});

it('puts newcomers last', () => {
  expect(orderParticipants(ordered('b'), [person('a'), person('b')], 3, 0).ids).toEqual(['b', 'a']);
});

it('fills the place of somebody who left the page from behind it', () => {
  const people = ['a', 'c', 'd', 'e'].map((id) => person(id));
  expect(orderParticipants(ordered('a', 'b', 'c', 'd', 'e'), people, 3, 0).ids).toEqual(['a', 'd', 'c', 'e']);
});

it('brings a speaker onto the page after a second, in the place of who was silent longest', () => {
  const people = [person('a'), person('b'), person('c', { isSpeaking: true })];
  const before = { ...ordered('a', 'b', 'c'), lastSpokeMs: { a: 100, b: 5_000 } };
  const early = orderParticipants(before, people, 2, 6_000);
  expect(early.ids).toEqual(['a', 'b', 'c']);
  expect(orderParticipants(early, people, 2, 6_900).ids).toEqual(['a', 'b', 'c']);
  expect(orderParticipants(early, people, 2, 7_000).ids).toEqual(['c', 'b', 'a']);
});

it('leaves a page full of speakers alone', () => {
  const people = ['a', 'b', 'c'].map((id) => person(id, { isSpeaking: true }));
  const before = orderParticipants(ordered('a', 'b', 'c'), people, 2, 0);
  expect(orderParticipants(before, people, 2, 5_000).ids).toEqual(['a', 'b', 'c']);
});

it('brings somebody pinned onto the page at once', () => {
  const people = [person('a'), person('b'), person('c', { isPinned: true })];
  expect(orderParticipants(ordered('a', 'b', 'c'), people, 2, 0).ids).toEqual(['a', 'c', 'b']);
});

it('orders those who come onto a larger page by joining, as if it had been that large before', () => {
  const people = [
    person('a', { joinedAtMs: 1 }),
    person('dark', { joinedAtMs: 2, hasVideo: false }),
    person('b', { joinedAtMs: 3 }),
  ];
  const alone = orderParticipants(NO_ORDER, people, 1, 0);
  expect(alone.ids).toEqual(['a', 'b', 'dark']);
  expect(orderParticipants(alone, people, 9, 0).ids).toEqual(orderParticipants(NO_ORDER, people, 9, 0).ids);
  expect(orderParticipants(alone, people, 9, 0).ids).toEqual(['a', 'dark', 'b']);
});
