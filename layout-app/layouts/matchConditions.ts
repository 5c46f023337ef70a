import { type Condition, type Facts, holds } from '../../shared/layout/conditions.ts';
import type { CustomAction } from '../../shared/layout/customActions.ts';
import type { GivenOptions } from '../../shared/layout/parseLayoutOptions.ts';
import type { CallParticipant } from '../call/call.ts';

/** The custom actions whose condition holds now. */
export function matchingActions(
  actions: GivenOptions[string],
  people: readonly CallParticipant[],
): CustomAction[] {
  const given = (actions ?? []) as readonly CustomAction[];
  const facts = factsOfCall(people);
  return given.filter(({ condition }) => holds(condition, facts));
}

/** Whether a participant meets a condition on participants. */
export function participantMatches(condition: Condition, one: CallParticipant): boolean {
  const { userId, name, roles, isPinned, isSpeaking, isDominantSpeaker, hasVideo, hasAudio, hasScreenShare } =
    one;
  const facts = { userId, name, roles, isPinned, isSpeaking, isDominantSpeaker };
  const tracks = { hasVideo, hasAudio, hasScreenShare, publishedTracks: tracksOf(one) };
  return holds(condition, { ...facts, ...tracks });
}

function factsOfCall(people: readonly CallParticipant[]): Facts {
  return {
    participant_count: people.length,
    pinned_participant_count: people.filter((one) => one.isPinned).length,
    roles: [...new Set(people.flatMap((one) => one.roles))],
    published_tracks: [...new Set(people.flatMap(tracksOf))],
  };
}

function tracksOf({ hasAudio, hasVideo, hasScreenShare }: CallParticipant): string[] {
  return [hasAudio && 'audio', hasVideo && 'video', hasScreenShare && 'screen_share'].filter(
    (name): name is string => name !== false,
  );
}
