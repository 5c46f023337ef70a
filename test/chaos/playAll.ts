import { setTimeout as wait } from 'node:timers/promises';
import { randomFrom } from '../support/randomFrom.ts';
import { openWorld } from './openWorld.ts';
import type { Seen } from './recordThrough.ts';
import type { Scenario } from './scenario.ts';

/** The longest scenario takes two minutes. One that hangs must not keep the others from being played. */
const LONGEST_PLAY_MS = 5 * 60_000;

/** What was seen in one play, or why nothing was. */
export type Played = Seen | Error;

/**
 * Plays a scenario so many times, `atOnce` of them beside each other unless it wants to be alone. Each play has a world of
 * its own, and random numbers that depend on `seed`, the scenario and the number of the play.
 */
export async function playAll(
  scenario: Scenario,
  { times, atOnce, seed }: { readonly times: number; readonly atOnce: number; readonly seed: number },
): Promise<Played[]> {
  const all: Played[] = [];
  let begun = 0;
  const lane = async () => {
    while (begun < times) {
      const play = ++begun;
      const startedMs = performance.now();
      const played = await playOnce(scenario, randomFrom(`${seed} ${scenario.name} ${play}`));
      all.push(played);
      const tookS = (performance.now() - startedMs) / 1000;
      console.log(`  ${scenario.name} ${play}: ${textOf(played)} (${tookS.toFixed(0)} s)`);
    }
  };
  await Promise.all(Array.from({ length: scenario.isAlone ? 1 : atOnce }, lane));
  return all;
}

async function playOnce(scenario: Scenario, random: () => number): Promise<Played> {
  try {
    const world = await openWorld();
    try {
      return await Promise.race([scenario.run(world, random), tooLong()]);
    } finally {
      await world.close();
    }
  } catch (error) {
    return error as Error;
  }
}

async function tooLong(): Promise<never> {
  await wait(LONGEST_PLAY_MS, null, { ref: false });
  throw new Error(`it was not over after ${LONGEST_PLAY_MS / 1000} s`);
}

function textOf(played: Played): string {
  if (played instanceof Error) return `COULD NOT BE PLAYED: ${played.message}`;
  const { how, missingS, goesOnAfterS, problems } = played;
  const figures = `missing ${missingS.toFixed(2)} s, goes on after ${goesOnAfterS?.toFixed(2) ?? '-'} s`;
  return [...(how ? [how] : []), figures, ...problems].join('; ');
}

/** One of these, each as likely as the others. */
export function oneOf<const T>(random: () => number, choices: readonly [T, ...T[]]): T {
  return choices[Math.floor(random() * choices.length)] ?? choices[0];
}
