import { isDataImage } from './imageAddress.ts';
import { LAYOUT_OPTIONS, type LayoutOption } from './layoutOptions.ts';
import type { GivenOptions } from './parseLayoutOptions.ts';
import { readBackgroundImage } from './readBackgroundImage.ts';

const IMAGES = LAYOUT_OPTIONS.filter(({ kind }) => kind === 'url' || kind === 'image');

/** The addresses from which parsed options make a page load images. An image that stands in the option has none. */
export function imageAddressesIn(options: GivenOptions): string[] {
  return IMAGES.flatMap((option) => addressesOf(option, options[option.key])).filter(
    (address) => !isDataImage(address),
  );
}

function addressesOf({ kind }: LayoutOption, value: unknown): readonly string[] {
  if (typeof value !== 'string') return [];
  return kind === 'url' ? [value] : (readBackgroundImage(value)?.addresses ?? []);
}
