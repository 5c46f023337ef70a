import type { CallParticipant } from '../call/call.ts';
import type { Priority } from './priority.ts';

type Candidate = Pick<
  CallParticipant,
  'id' | 'isPinned' | 'hasScreenShare' | 'isSpeaking' | 'isDominantSpeaker' | 'hasVideo'
>;

/** Somebody must be the dominant speaker for this long before the stage changes. */
export const HOLD_MS = 1_500;

export interface Stage {
  readonly id: string | null;
  /** The person who may take the stage next, and since when they have been the dominant speaker. */
  readonly challenger: { readonly id: string; readonly sinceMs: number } | null;
}

export const EMPTY_STAGE: Stage = { id: null, challenger: null };

/**
 * Who is on stage, in this order:
 *  1. a pinned participant,
 *  2. one who shares a screen,
 *  3. the dominant speaker, after HOLD_MS as the dominant speaker,
 *  4. whoever was on stage before,
 *  5. somebody with video, or else anybody.
 * If the priority is `speaker`, being pinned comes after having been on stage. If it is `pin`, the dominant speaker comes
 * after whoever was on stage before, so that nobody takes the stage by speaking.
 * Among several of a kind, the one on stage stays; if none of them is there, the first of the list comes. If the
 * person on stage leaves the call, the stage is free at once.
 */
export function chooseSpeaker(
  before: Stage,
  people: readonly Candidate[],
  nowMs: number,
  priority: Priority = null,
): Stage {
  const preferred =
    (priority === 'speaker' ? undefined : pick(before, people, isPinned)) ??
    pick(before, people, (one) => one.hasScreenShare);
  if (preferred) return { id: preferred.id, challenger: null };
  const dominant = people.find((one) => one.isDominantSpeaker);
  const present = people.find(({ id }) => id === before.id);
  if (!present) {
    const next = dominant ?? people.find(isPinned) ?? people.find((one) => one.hasVideo) ?? people[0];
    return { id: next?.id ?? null, challenger: null };
  }
  const mayTakeIt = priority !== 'pin' && dominant?.isSpeaking && dominant.id !== present.id;
  if (!mayTakeIt) return { id: present.id, challenger: null };
  const sinceMs = before.challenger?.id === dominant.id ? before.challenger.sinceMs : nowMs;
  if (nowMs - sinceMs >= HOLD_MS) return { id: dominant.id, challenger: null };
  return { id: present.id, challenger: { id: dominant.id, sinceMs } };
}

function isPinned(one: Candidate): boolean {
  return one.isPinned;
}

function pick(
  before: Stage,
  people: readonly Candidate[],
  is: (one: Candidate) => boolean,
): Candidate | undefined {
  return people.find((one) => one.id === before.id && is(one)) ?? people.find(is);
}
