import type { CallCondition, CustomAction, ParticipantCondition } from '../../shared/customActions.ts';
import type { CallParticipant } from '../call/call.ts';

type Comparison = CallCondition['participant_count'];

/** Whether a condition on the whole call holds now. */
export function callMatches(condition: CallCondition, people: readonly CallParticipant[]): boolean {
  const pinnedCount = people.filter((one) => one.isPinned).length;
  return (
    numberMatches(condition.participant_count, people.length) &&
    numberMatches(condition.pinned_participant_count, pinnedCount)
  );
}

/** The custom actions whose condition holds now. */
export function matchingActions(actions: unknown, people: readonly CallParticipant[]): CustomAction[] {
  const given = Array.isArray(actions) ? (actions as CustomAction[]) : [];
  return given.filter(({ condition }) => callMatches(condition, people));
}

/** Whether every part of a condition on one participant holds. */
export function participantMatches(condition: ParticipantCondition, one: CallParticipant): boolean {
  const { userId, name, roles, ...facts } = condition;
  return (
    textMatches(userId, [one.userId]) &&
    textMatches(name, [one.name]) &&
    textMatches(roles, one.roles) &&
    Object.entries(facts).every(([key, wanted]) => one[key as keyof typeof facts] === wanted)
  );
}

function textMatches(wanted: string | readonly string[] | undefined, actual: readonly string[]): boolean {
  if (wanted === undefined) return true;
  return [wanted].flat().some((text) => actual.includes(text));
}

function numberMatches(wanted: Comparison, actual: number): boolean {
  if (wanted === undefined) return true;
  if (typeof wanted === 'number') return actual === wanted;
  const holds = {
    $eq: (limit: number) => actual === limit,
    $neq: (limit: number) => actual !== limit,
    $gt: (limit: number) => actual > limit,
    $gte: (limit: number) => actual >= limit,
    $lt: (limit: number) => actual < limit,
    $lte: (limit: number) => actual <= limit,
  };
  return Object.entries(wanted).every(([name, limit]) => holds[name as keyof typeof holds](limit as number));
}
