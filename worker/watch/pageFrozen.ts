import { RecordingError } from '../recordingError.ts';
import { lastErrorOf } from './lastErrorOf.ts';
import type { Judge } from './snapshot.ts';

/** Nothing that recovers takes longer; a shorter freeze is a warning (see findWarnings). */
const FROZEN_AFTER_MS = 10_000;

/** The page has neither answered nor painted: a probe waits for an animation frame. */
export const pageFrozen: Judge = ({ tab, nowMs }) => {
  if (tab.probeDueSinceMs === null || nowMs - tab.probeDueSinceMs < FROZEN_AFTER_MS) return null;
  const message = `The page has not painted for ${FROZEN_AFTER_MS / 1000} s${lastErrorOf(tab)}`;
  throw new RecordingError('page_frozen', message);
};
