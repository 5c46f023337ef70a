import { describe, expect, it } from 'vitest';
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

describe('with the priority pin', () => {
  it('nobody comes onto the page by speaking', () => {
    const people = [person('a'), person('b'), person('c', { isSpeaking: true, isDominantSpeaker: true })];
    const early = orderParticipants(ordered('a', 'b', 'c'), people, 2, 0, 'pin');
    expect(orderParticipants(early, people, 2, 60_000, 'pin').ids).toEqual(['a', 'b', 'c']);
  });

  it('a page that is too small goes to pinned and sharing people and those with video, by joining', () => {
    const { ids } = orderParticipants(NO_ORDER, CROWD, 3, 0, 'pin');
    expect(ids.slice(0, 3)).toEqual(['pinned', 'early', 'sharer']);
  });
});

describe('with the priority speaker', () => {
  it('somebody who speaks takes the place of a pinned person who is silent', () => {
    const people = [person('a', { isPinned: true }), person('b', { isSpeaking: true })];
    const early = orderParticipants(ordered('a', 'b'), people, 1, 0, 'speaker');
    expect(early.ids).toEqual(['a', 'b']);
    expect(orderParticipants(early, people, 1, 1_000, 'speaker').ids).toEqual(['b', 'a']);
    expect(orderParticipants(early, people, 1, 1_000).ids).toEqual(['a', 'b']);
  });

  it('a pinned person does not take the place of somebody who pauses', () => {
    const people = [person('a'), person('b', { isPinned: true })];
    expect(orderParticipants(ordered('a', 'b'), people, 1, 60_000, 'speaker').ids).toEqual(['a', 'b']);
  });

  it('a page that is too small goes to sharing, dominant and pinned people, by joining', () => {
    const { ids } = orderParticipants(NO_ORDER, CROWD, 2, 0, 'speaker');
    expect(ids.slice(0, 2)).toEqual(['sharer', 'dominant']);
    const three = orderParticipants(NO_ORDER, CROWD, 3, 0, 'speaker');
    expect(three.ids.slice(0, 3)).toEqual(['sharer', 'dominant', 'pinned']);
  });
});
