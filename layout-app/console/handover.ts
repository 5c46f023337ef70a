import { QUALITIES, type Quality } from '../../shared/encoding/encodingProfile.ts';
import { layoutNamed } from '../../shared/layout/layoutNames.ts';
import { START, toFragment } from '../studio/studioState.ts';
import type { Recording, WrittenLayout } from './recording.ts';

/** The settings of a recording that the studio hands to the form that starts one. */
export interface HandedOver {
  readonly quality?: string;
  readonly audio_only?: boolean;
  readonly call_type?: string;
  readonly call_id?: string;
  readonly layout: WrittenLayout;
}

const KEPT_AS = 'call-compositor:handed-over';

/** Keeps settings for the form, in this tab alone. */
export function handOver(settings: HandedOver): void {
  sessionStorage.setItem(KEPT_AS, JSON.stringify(settings));
}

/** The settings that were handed over, once; null if there are none. */
export function takeOver(): HandedOver | null {
  const text = sessionStorage.getItem(KEPT_AS);
  sessionStorage.removeItem(KEPT_AS);
  try {
    return text === null ? null : (JSON.parse(text) as HandedOver);
  } catch {
    return null;
  }
}

/** The layout of a recording; of one whose server noted only its name, that name. */
export function layoutOf({ layout, layout_settings }: Recording): WrittenLayout {
  return layout_settings ?? { name: layout };
}

/**
 * Where the studio shows the layout of a recording; null where it cannot, because the page is not ours or there is no
 * picture.
 */
export function studioAddress(recording: Recording): string | null {
  const { name, options, external_css_url, external_app_url } = layoutOf(recording);
  const layout = layoutNamed(name ?? 'spotlight');
  if (recording.audio_only || external_app_url || layout === null) return null;
  const quality = (QUALITIES as readonly string[]).includes(recording.quality)
    ? (recording.quality as Quality)
    : START.quality;
  const state = { ...START, layout, quality, options: options ?? {}, cssUrl: external_css_url ?? '' };
  return `./studio/?recording=${encodeURIComponent(recording.id)}#${toFragment(state)}`;
}

/** The change that makes one layout of another: options that are not wanted any more go back to their defaults. */
export function changeFrom(before: WrittenLayout, wanted: WrittenLayout): WrittenLayout {
  const gone = Object.keys(before.options ?? {}).filter((key) => !Object.hasOwn(wanted.options ?? {}, key));
  return {
    ...(wanted.name ? { name: wanted.name } : {}),
    options: { ...Object.fromEntries(gone.map((key) => [key, null])), ...wanted.options },
    external_css_url: wanted.external_css_url || null,
  };
}
