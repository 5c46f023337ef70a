import { describe, expect, it, test } from 'vitest';
import { type DemoPlot, demoScene } from '../../../../../layout-app/call/demo/demoScript.ts';

const STANDUP: DemoPlot = { participants: 5, script: 'standup', durationS: 20 };
const there = (plot: DemoPlot, timeS: number) => demoScene(plot, timeS).people.map(({ index }) => index);
const of = (plot: DemoPlot, timeS: number, index: number) =>
  demoScene(plot, timeS).people.find((person) => person.index === index);

describe('a stand-up of five people and 20 s', () => {
  test.each([
    { timeS: 0, people: [0, 1], speaker: 0 },
    { timeS: 1, people: [0, 1, 2], speaker: 0 },
    { timeS: 2, people: [0, 1, 2, 3], speaker: 1 },
    { timeS: 3, people: [0, 1, 2, 3, 4], speaker: 1 },
    { timeS: 5, people: [0, 1, 2, 3, 4], speaker: 2 },
    { timeS: 9, people: [0, 1, 2, 3, 4], speaker: 1 },
    { timeS: 13, people: [0, 1, 2, 3, 4], speaker: 3 },
    { timeS: 15, people: [0, 1, 2, 3, 4], speaker: 4 },
    { timeS: 17.5, people: [0, 1, 2, 3], speaker: 2 },
  ])('at $timeS s has $people, and $speaker speaks', ({ timeS, people, speaker }) => {
    expect([there(STANDUP, timeS), demoScene(STANDUP, timeS).speaker]).toEqual([people, speaker]);
  });

  it('has one who mutes, one who shares a screen and one who turns the camera off', () => {
    expect([9, 11, 16].map((timeS) => of(STANDUP, timeS, 2)?.isMuted)).toEqual([false, true, false]);
    expect([7, 9, 15].map((timeS) => of(STANDUP, timeS, 1)?.isSharingScreen)).toEqual([false, true, false]);
    expect([10, 12, 19].map((timeS) => of(STANDUP, timeS, 3)?.hasVideo)).toEqual([true, false, false]);
  });

  it('is over after 20 s', () => {
    expect([19.9, 20].map((timeS) => demoScene(STANDUP, timeS).isOver)).toEqual([false, true]);
  });

  it('scales to another duration', () => {
    expect(of({ ...STANDUP, durationS: 10 }, 4.5, 1)?.isSharingScreen).toBe(true);
  });
});

it('goes on for ever without a duration: who left comes back', () => {
  const endless = { ...STANDUP, durationS: null };
  expect([there(endless, 19), there(endless, 20), there(endless, 24)]).toEqual([
    [0, 1, 2, 3],
    [0, 1, 2, 3],
    [0, 1, 2, 3, 4],
  ]);
  expect(demoScene(endless, 1e6).isOver).toBe(false);
});

it('lets nobody speak who is muted or not there', () => {
  for (const participants of [1, 2, 3, 7, 60]) {
    for (let timeS = 0; timeS < 20; timeS += 0.25) {
      const { people, speaker } = demoScene({ ...STANDUP, participants }, timeS);
      expect(people.find(({ index }) => index === speaker)?.isMuted).toBe(false);
    }
  }
});

it('steady: all are there from the start and take turns of 2 s', () => {
  const steady: DemoPlot = { participants: 3, script: 'steady', durationS: null };
  expect(there(steady, 0)).toEqual([0, 1, 2]);
  expect([0, 2, 4, 6].map((timeS) => demoScene(steady, timeS).speaker)).toEqual([0, 1, 2, 0]);
});

it('an empty call has nobody in it', () => {
  expect(demoScene({ participants: 0, script: 'standup', durationS: null }, 5)).toEqual({
    people: [],
    speaker: null,
    isOver: false,
  });
});
