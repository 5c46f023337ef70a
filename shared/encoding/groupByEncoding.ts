import equal from 'fast-deep-equal';
import type { EncodingProfile } from './encodingProfile.ts';

/** Groups what is encoded alike, in the order in which each encoding first occurs: one encoder serves a group. */
export function groupByEncoding<Item>(
  items: readonly Item[],
  encodingOf: (item: Item) => EncodingProfile,
): Item[][] {
  const groups: Item[][] = [];
  for (const item of items) {
    const same = groups.find(([first]) => first !== undefined && equal(encodingOf(first), encodingOf(item)));
    if (same) same.push(item);
    else groups.push([item]);
  }
  return groups;
}
