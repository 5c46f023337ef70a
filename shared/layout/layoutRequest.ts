import { z } from 'zod';
import { OptionalHttpAddress } from '../wire/address.ts';
import { unknownName } from '../wire/nearestName.ts';
import { LAYOUT_SPELLINGS, type LayoutName, layoutNamed } from './layoutNames.ts';
import { type GivenOptions, parseLayoutOptions } from './parseLayoutOptions.ts';

/** What a job asks of the picture's layout. */
export interface LayoutRequest {
  /** null for an external page that was given no built-in layout name. */
  readonly name: LayoutName | null;
  /** The name as the job wrote it, which may be one that only an external app knows; null where it wrote none. */
  readonly wireName: string | null;
  /** Whether an external app knows the name as it is written, although it may be one of ours. */
  readonly isExactName: boolean;
  /** For an external app, only those options that it shares with ours and that are written as we know them. */
  readonly options: GivenOptions;
  /** The options as the job wrote them, for external layout apps. */
  readonly wireOptions: Readonly<Record<string, unknown>>;
  readonly externalCssUrl: string | null;
  readonly externalAppUrl: string | null;
}

/** No layout app has a longer name for a layout. In characters. */
const LONGEST_NAME = 200;

/** The name that stands for the page at `external_app_url`; to that page it says nothing. */
const CUSTOM = 'custom';

/**
 * Reads `recording.layout` of a job. Names of layouts and options are judged for our own layout app only: an external
 * app has its own, and gets everything as the job wrote it.
 */
export const WireLayout = z
  .strictObject({
    name: z
      .string()
      .max(LONGEST_NAME, { error: `is longer than ${LONGEST_NAME} characters`, abort: true })
      .nullable()
      .default(null),
    exact_name: z.boolean().nullable().default(false),
    options: z.record(z.string(), z.unknown()).nullable().default({}),
    external_css_url: OptionalHttpAddress,
    external_app_url: OptionalHttpAddress,
  })
  .transform((wire, context): LayoutRequest => {
    const refuse = (path: string[], message: string) =>
      context.addIssue({ code: 'custom', path, message, input: wire });
    const isOurs = wire.external_app_url === null;
    const written = wire.name || null;
    if (written === CUSTOM && isOurs) refuse(['external_app_url'], `is needed for the layout "${CUSTOM}"`);
    else if (written !== null && isOurs && layoutNamed(written) === null)
      refuse(['name'], unknownName('layout', written, LAYOUT_SPELLINGS));
    const wireOptions = wire.options ?? {};
    const { options, problems } = parseLayoutOptions(wireOptions);
    if (isOurs) for (const { key, message } of problems) refuse(['options', key], message);
    return {
      name: written === null ? (isOurs ? 'spotlight' : null) : layoutNamed(written),
      wireName: written === CUSTOM ? null : written,
      isExactName: wire.exact_name === true,
      options,
      wireOptions,
      externalCssUrl: wire.external_css_url,
      externalAppUrl: wire.external_app_url,
    };
  });
