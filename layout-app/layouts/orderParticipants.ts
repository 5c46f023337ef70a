import type { CallParticipant } from '../call/call.ts';
import { type Claim, claimsBy, type Priority } from './priority.ts';

type Orderable = Pick<
  CallParticipant,
  'id' | 'isPinned' | 'hasScreenShare' | 'isSpeaking' | 'isDominantSpeaker' | 'hasVideo' | 'joinedAtMs'
>;

/** Somebody who is not on the page must speak for this long before they are moved onto it. */
export const PAGE_HOLD_MS = 1_000;

export interface Order {
  /** The ids of everybody, beginning with those on the page. */
  readonly ids: readonly string[];
  /** How many of them were on the page. */
  readonly pageSize: number;
  /** For everybody who speaks now, when they began; for everybody, when they last spoke (0 for never). */
  readonly speakingSinceMs: Readonly<Record<string, number>>;
  readonly lastSpokeMs: Readonly<Record<string, number>>;
}

export const NO_ORDER: Order = {
  ids: [],
  pageSize: 0,
  speakingSinceMs: {},
  lastSpokeMs: {},
};

/**
 * The order of participants. The first `pageSize` of them are on the page. The order changes as little as possible:
 *  1. Everybody who was there keeps their place.
 *  2. If somebody leaves the page, the first person behind the page takes their place.
 *  3. Newcomers come last, in the order of joining, and pinned people first. If there is not enough room on the page for
 *     them all, it is given to those who are pinned, share a screen, are the dominant speaker or have video, in this order.
 *     If the page becomes larger, those who were behind it count as newcomers.
 *  4. A pinned person, a sharer or a speaker behind the page swaps places with somebody on the page: with a person
 *     who is none of these, or a lesser one, and has been silent longest.
 * That is so if there is no priority. With the priority `pin`, nobody gains a place by speaking. With `speaker`, nobody gains
 * one by being pinned; pinned newcomers come after sharers and the dominant speaker.
 */
export function orderParticipants(
  before: Order,
  people: readonly Orderable[],
  pageSize: number,
  nowMs: number,
  priority: Priority = null,
): Order {
  const claims = claimsBy(priority);
  const byId = new Map(people.map((one) => [one.id, one]));
  const known = fillGaps(before.ids, byId, Math.min(pageSize, before.pageSize));
  const kept = pageSize > before.pageSize ? known.slice(0, before.pageSize) : known;
  const ids = withNewcomers(kept, people, pageSize, claims);
  const speakingSinceMs: Record<string, number> = {};
  const lastSpokeMs: Record<string, number> = {};
  for (const { id, isSpeaking } of people) {
    if (isSpeaking) speakingSinceMs[id] = before.speakingSinceMs[id] ?? nowMs;
    lastSpokeMs[id] = isSpeaking ? nowMs : (before.lastSpokeMs[id] ?? 0);
  }
  const claimOf = (id: string): number => {
    const heldMs = nowMs - (speakingSinceMs[id] ?? nowMs);
    const one = byId.get(id);
    return strengthOf(claims, one && { ...one, isSpeaking: heldMs >= PAGE_HOLD_MS });
  };
  const worthOf = (id: string) => strengthOf(claims, byId.get(id));
  bringOntoPage(ids, pageSize, claimOf, worthOf, lastSpokeMs);
  return { ids, pageSize, speakingSinceMs, lastSpokeMs };
}

/** How strong the strongest claim of somebody is; 0 for none. */
function strengthOf(claims: readonly Claim[], one: Orderable | undefined): number {
  const strongest = claims.findIndex((claim) => one?.[claim]);
  return strongest < 0 ? 0 : claims.length - strongest;
}

/** The ids without those who left. People from behind the page fill the gaps on it; if there are none, gaps close. */
function fillGaps(before: readonly string[], byId: ReadonlyMap<string, unknown>, pageSize: number): string[] {
  const page = before.slice(0, pageSize);
  const waiting = before.slice(pageSize).filter((id) => byId.has(id));
  const filled = page.flatMap((id) => (byId.has(id) ? id : (waiting.shift() ?? [])));
  return [...filled, ...waiting];
}

function withNewcomers(
  ids: readonly string[],
  people: readonly Orderable[],
  pageSize: number,
  claims: readonly Claim[],
): string[] {
  const known = new Set(ids);
  const newcomers = people.filter(({ id }) => !known.has(id)).sort((a, b) => byImportance(a, b, claims));
  const onPage = newcomers
    .splice(0, Math.max(0, pageSize - ids.length))
    .sort((a, b) => byPlace(a, b, claims));
  return [...ids, ...onPage.map(({ id }) => id), ...newcomers.map(({ id }) => id)];
}

/** By joining, and pinned people first where nobody comes before them. */
function byPlace(a: Orderable, b: Orderable, claims: readonly Claim[]): number {
  const pinned = claims[0] === 'isPinned' ? Number(b.isPinned) - Number(a.isPinned) : 0;
  return pinned || a.joinedAtMs - b.joinedAtMs;
}

function byImportance(a: Orderable, b: Orderable, claims: readonly Claim[]): number {
  const makes = (one: Orderable, claim: Claim) =>
    Number(claim === 'isSpeaking' ? one.isDominantSpeaker : one[claim]);
  const differences = [...claims, 'isPinned' as const].map((claim) => makes(b, claim) - makes(a, claim));
  return (
    differences.find((difference) => difference !== 0) ??
    (Number(b.hasVideo) - Number(a.hasVideo) || byPlace(a, b, claims))
  );
}

function bringOntoPage(
  ids: string[],
  pageSize: number,
  claimOf: (id: string) => number,
  worthOf: (id: string) => number,
  lastSpokeMs: Readonly<Record<string, number>>,
): void {
  for (let at = pageSize; at < ids.length; at++) {
    const claimant = ids[at] as string;
    // Starts at the end of the page, so that the first places change least among equals.
    const page = ids.slice(0, pageSize).reverse();
    const least = page.reduce(
      (a, b) => ((worthOf(b) - worthOf(a) || (lastSpokeMs[b] ?? 0) - (lastSpokeMs[a] ?? 0)) < 0 ? b : a),
      page[0] ?? '',
    );
    if (claimOf(claimant) <= worthOf(least)) continue;
    ids[ids.indexOf(least)] = claimant;
    ids[at] = least;
  }
}
