import { describe, expect, it } from 'vitest';
import { chooseSpeaker, EMPTY_STAGE, type Stage } from '../../../../layout-app/layouts/chooseSpeaker.ts';

const SILENT = {
  isPinned: false,
  hasScreenShare: false,
  isSpeaking: false,
  isDominantSpeaker: false,
  hasVideo: true,
};
const SPEAKING = { ...SILENT, isSpeaking: true, isDominantSpeaker: true };
const onStage = (id: string): Stage => ({ id, challenger: null });

describe('an empty stage', () => {
  it('stays empty in an empty call', () => {
    expect(chooseSpeaker(EMPTY_STAGE, [], 0)).toEqual({ id: null, challenger: null });
  });

  it('goes to the dominant speaker at once', () => {
    const people = [
      { ...SILENT, id: 'ada' },
      { ...SPEAKING, id: 'bo' },
    ];
    expect(chooseSpeaker(EMPTY_STAGE, people, 0).id).toBe('bo');
  });

  it('goes to the first with video where nobody speaks', () => {
    const people = [
      { ...SILENT, id: 'ada', hasVideo: false },
      { ...SILENT, id: 'bo' },
    ];
    expect(chooseSpeaker(EMPTY_STAGE, people, 0).id).toBe('bo');
  });
});

describe('a taken stage', () => {
  const people = [
    { ...SILENT, id: 'ada' },
    { ...SPEAKING, id: 'bo' },
  ];

  it('changes once a speaker has held the floor for 1.5 s, not before', () => {
    const challenged = chooseSpeaker(onStage('ada'), people, 1_000);
    expect(challenged).toEqual({ id: 'ada', challenger: { id: 'bo', sinceMs: 1_000 } });
    expect(chooseSpeaker(challenged, people, 2_499).id).toBe('ada');
    expect(chooseSpeaker(challenged, people, 2_500).id).toBe('bo');
  });

  it('is not won by interjections', () => {
    const challenged = chooseSpeaker(onStage('ada'), people, 1_000);
    const pause = people.map((one) => ({ ...one, isSpeaking: false }));
    const paused = chooseSpeaker(challenged, pause, 2_000);
    expect(chooseSpeaker(paused, people, 2_600).id).toBe('ada');
  });

  it('is free at once when who was on it leaves', () => {
    expect(chooseSpeaker(onStage('gone'), people, 0).id).toBe('bo');
  });

  it('goes at once to who is pinned, before who shares a screen', () => {
    const sharer = { ...SILENT, id: 'cy', hasScreenShare: true };
    expect(chooseSpeaker(onStage('ada'), [...people, sharer], 0).id).toBe('cy');
    const pinned = { ...SILENT, id: 'di', isPinned: true };
    expect(chooseSpeaker(onStage('cy'), [...people, sharer, pinned], 0).id).toBe('di');
  });

  it('stays with the first of two who share a screen', () => {
    const sharers = ['ada', 'bo'].map((id) => ({ ...SILENT, id, hasScreenShare: true }));
    expect(chooseSpeaker(onStage('bo'), sharers, 0).id).toBe('bo');
  });
});

describe('with the priority pin', () => {
  const people = [
    { ...SILENT, id: 'ada' },
    { ...SPEAKING, id: 'bo' },
  ];

  it('nobody takes the stage by speaking, however long', () => {
    const challenged = chooseSpeaker(onStage('ada'), people, 1_000, 'pin');
    expect(challenged).toEqual({ id: 'ada', challenger: null });
    expect(chooseSpeaker(challenged, people, 60_000, 'pin').id).toBe('ada');
  });

  it('a pinned person takes it, and keeps it when no longer pinned', () => {
    const pinned = { ...SILENT, id: 'di', isPinned: true };
    const taken = chooseSpeaker(onStage('ada'), [...people, pinned], 0, 'pin');
    expect(taken.id).toBe('di');
    const unpinned = { ...pinned, isPinned: false };
    expect(chooseSpeaker(taken, [...people, unpinned], 60_000, 'pin').id).toBe('di');
  });
});

describe('with the priority speaker', () => {
  const pinned = { ...SILENT, id: 'di', isPinned: true };
  const people = [pinned, { ...SILENT, id: 'ada' }, { ...SPEAKING, id: 'bo' }];

  it('whoever speaks takes the stage from a pinned person', () => {
    const challenged = chooseSpeaker(onStage('di'), people, 1_000, 'speaker');
    expect(challenged.id).toBe('di');
    expect(chooseSpeaker(challenged, people, 2_500, 'speaker').id).toBe('bo');
  });

  it('a pinned person has an empty stage where nobody speaks, and does not take one', () => {
    const silent = [{ ...SILENT, id: 'ada' }, pinned];
    expect(chooseSpeaker(EMPTY_STAGE, silent, 0, 'speaker').id).toBe('di');
    expect(chooseSpeaker(onStage('ada'), silent, 60_000, 'speaker').id).toBe('ada');
  });

  it('a shared screen still comes first', () => {
    const sharer = { ...SILENT, id: 'cy', hasScreenShare: true };
    expect(chooseSpeaker(onStage('bo'), [...people, sharer], 0, 'speaker').id).toBe('cy');
  });
});
