import { expect, test } from 'vitest';
import { createAdmission } from '../../../../worker/admission/admission.ts';

const COST = { cores: 0.7, memoryMiB: 700 };
const CAPACITY = { cores: 2, memoryMiB: 4000 };
const IDLE = { idleCores: 2, availableMiB: 3500 };

test('admits as many recordings as there are cores for, and another once one is over', () => {
  const admission = createAdmission(CAPACITY, () => IDLE);
  expect(['a', 'b', 'c'].map((id) => admission.admit(id, COST))).toEqual([true, true, false]);
  expect(admission.hasRoomFor(COST)).toBe(false);
  admission.release('a');
  expect(admission.admit('c', COST)).toBe(true);
});

test('counts memory as well', () => {
  const admission = createAdmission({ cores: 64, memoryMiB: 1500 }, () => IDLE);
  expect(['a', 'b', 'c'].map((id) => admission.admit(id, COST))).toEqual([true, true, false]);
});

test('counts what other processes use of the machine', () => {
  const busy = createAdmission(CAPACITY, () => ({ ...IDLE, idleCores: 0.5 }));
  expect(['a', 'b'].map((id) => busy.admit(id, COST))).toEqual([true, false]);
  const full = createAdmission(CAPACITY, () => ({ ...IDLE, availableMiB: 600 }));
  expect(['a', 'b'].map((id) => full.admit(id, COST))).toEqual([true, false]);
});

test('admits one recording on any machine', () => {
  const small = createAdmission({ cores: 0.1, memoryMiB: 1 }, () => ({ idleCores: 0, availableMiB: 0 }));
  expect(small.admit('a', COST)).toBe(true);
});
