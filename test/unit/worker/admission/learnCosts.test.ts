import { expect, test } from 'vitest';
import { createAdmission } from '../../../../worker/admission/admission.ts';
import { createLearnedCosts } from '../../../../worker/admission/learnCosts.ts';
import { noteUsage } from '../../../../worker/admission/noteUsage.ts';

const TABLE = { cores: 0.8, memoryMiB: 700 };

test('what the table says counts until three recordings of the kind were measured', () => {
  const learned = createLearnedCosts();
  for (const id of ['a', 'b']) learned.note('grid', id, { cores: 0.5, memoryMiB: 600 });
  expect(learned.expected('grid', TABLE)).toEqual(TABLE);
  learned.note('grid', 'c', { cores: 0.5, memoryMiB: 600 });
  expect(learned.expected('grid', TABLE)).toEqual({ cores: 0.5, memoryMiB: 600 });
  expect(learned.expected('spotlight', TABLE)).toEqual(TABLE);
});

test('of one recording, only the newest measurement counts', () => {
  const learned = createLearnedCosts();
  for (let at = 0; at < 10; at++) learned.note('grid', 'a', { cores: 0.5, memoryMiB: 600 });
  expect(learned.expected('grid', TABLE)).toEqual(TABLE);
});

test('most recordings cost no more than is expected, and a few odd ones change little', () => {
  const learned = createLearnedCosts();
  const cores = [0.5, 0.52, 0.55, 0.6, 0.62, 0.65, 0.7, 9];
  for (const [at, each] of cores.entries()) learned.note('grid', `${at}`, { cores: each, memoryMiB: 600 });
  expect(learned.expected('grid', TABLE).cores).toBe(0.7);
});

test('figures that cannot be are not believed', () => {
  const learned = createLearnedCosts();
  for (const id of ['a', 'b', 'c']) {
    learned.note('idle', id, { cores: 0.001, memoryMiB: 1 });
    learned.note('wild', id, { cores: 50, memoryMiB: 50_000 });
  }
  expect(learned.expected('idle', TABLE)).toEqual({ cores: 0.4, memoryMiB: 350 });
  expect(learned.expected('wild', TABLE)).toEqual({ cores: 1.6, memoryMiB: 1400 });
});

test('the newest fifty recordings count', () => {
  const learned = createLearnedCosts();
  for (let at = 0; at < 50; at++) learned.note('grid', `old ${at}`, { cores: 1.2, memoryMiB: 700 });
  for (let at = 0; at < 50; at++) learned.note('grid', `new ${at}`, { cores: 0.5, memoryMiB: 700 });
  expect(learned.expected('grid', TABLE).cores).toBe(0.5);
});

test('a recording that turns out to cost less makes room for another', () => {
  const admission = createAdmission({ cores: 2, memoryMiB: 4000 }, () => ({
    idleCores: 2,
    availableMiB: 4000,
  }));
  expect(['a', 'b', 'c'].map((id) => admission.admit(id, TABLE))).toEqual([true, true, false]);
  admission.rebook('a', { cores: 0.5, memoryMiB: 600 });
  admission.rebook('unknown', { cores: 2, memoryMiB: 600 });
  expect(admission.admit('c', { cores: 0.7, memoryMiB: 600 })).toBe(true);
  expect(admission.admit('d', { cores: 0.1, memoryMiB: 600 })).toBe(false);
});

test('what a browser uses is noted every ten seconds, once its first minute is over', () => {
  let nowMs = 0;
  const noted: number[] = [];
  const uses = noteUsage(
    () => nowMs,
    ({ cores }) => noted.push(cores),
  );
  uses({ cores: 0, memoryMiB: 500 });
  expect(noted).toEqual([]);
  for (nowMs = 60_000; nowMs < 80_000; nowMs += 100) uses({ cores: 0.5, memoryMiB: 500 });
  expect(noted).toHaveLength(2);
  expect(noted[0]).toBeCloseTo(0.6325);
});
