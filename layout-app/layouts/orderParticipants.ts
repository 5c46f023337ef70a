import type { CallParticipant } from '../call/call.ts';

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
 */
export function orderParticipants(
  before: Order,
  people: readonly Orderable[],
  pageSize: number,
  nowMs: number,
): Order {
  const byId = new Map(people.map((one) => [one.id, one]));
  const known = fillGaps(before.ids, byId, Math.min(pageSize, before.pageSize));
  const kept = pageSize > before.pageSize ? known.slice(0, before.pageSize) : known;
  const ids = withNewcomers(kept, people, pageSize);
  const speakingSinceMs: Record<string, number> = {};
  const lastSpokeMs: Record<string, number> = {};
  for (const { id, isSpeaking } of people) {
    if (isSpeaking) speakingSinceMs[id] = before.speakingSinceMs[id] ?? nowMs;
    lastSpokeMs[id] = isSpeaking ? nowMs : (before.lastSpokeMs[id] ?? 0);
  }
  const claimOf = (id: string): number => {
    const one = byId.get(id);
    if (one?.isPinned) return 3;
    if (one?.hasScreenShare) return 2;
    const since = speakingSinceMs[id];
    return since !== undefined && nowMs - since >= PAGE_HOLD_MS ? 1 : 0;
  };
  bringOntoPage(ids, pageSize, claimOf, (id) => speakingSinceMs[id] !== undefined, lastSpokeMs);
  return { ids, pageSize, speakingSinceMs, lastSpokeMs };
}

/** The ids without those who left. People from behind the page fill the gaps on it; if there are none, gaps close. */
function fillGaps(before: readonly string[], byId: ReadonlyMap<string, unknown>, pageSize: number): string[] {
  const page = before.slice(0, pageSize);
  const waiting = before.slice(pageSize).filter((id) => byId.has(id));
  const filled = page.flatMap((id) => (byId.has(id) ? id : (waiting.shift() ?? [])));
  return [...filled, ...waiting];
}

function withNewcomers(ids: readonly string[], people: readonly Orderable[], pageSize: number): string[] {
  const known = new Set(ids);
  const newcomers = people.filter(({ id }) => !known.has(id)).sort(byImportance);
  const onPage = newcomers.splice(0, Math.max(0, pageSize - ids.length)).sort(byJoining);
  return [...ids, ...onPage.map(({ id }) => id), ...newcomers.map(({ id }) => id)];
}

function byJoining(a: Orderable, b: Orderable): number {
  return Number(b.isPinned) - Number(a.isPinned) || a.joinedAtMs - b.joinedAtMs;
}

function byImportance(a: Orderable, b: Orderable): number {
  return (
    Number(b.isPinned) - Number(a.isPinned) ||
    Number(b.hasScreenShare) - Number(a.hasScreenShare) ||
    Number(b.isDominantSpeaker) - Number(a.isDominantSpeaker) ||
    Number(b.hasVideo) - Number(a.hasVideo) ||
    byJoining(a, b)
  );
}

function bringOntoPage(
  ids: string[],
  pageSize: number,
  claimOf: (id: string) => number,
  isSpeaking: (id: string) => boolean,
  lastSpokeMs: Readonly<Record<string, number>>,
): void {
  const worth = (id: string) => Math.max(claimOf(id), isSpeaking(id) ? 1 : 0);
  for (let at = pageSize; at < ids.length; at++) {
    const claimant = ids[at] as string;
    // Starts at the end of the page, so that the first places change least among equals.
    const page = ids.slice(0, pageSize).reverse();
    const least = page.reduce(
      (a, b) => ((worth(b) - worth(a) || (lastSpokeMs[b] ?? 0) - (lastSpokeMs[a] ?? 0)) < 0 ? b : a),
      page[0] ?? '',
    );
    if (claimOf(claimant) <= worth(least)) continue;
    ids[ids.indexOf(least)] = claimant;
    ids[at] = least;
  }
}
