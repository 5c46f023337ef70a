import { z } from 'zod';
import { OptionalHttpAddress } from '../wire/address.ts';
import { unknownName } from '../wire/nearestName.ts';
import { LAYOUT_SPELLINGS, type LayoutName, layoutNamed } from './layoutNames.ts';
import { type GivenOptions, parseLayoutOptions } from './parseLayoutOptions.ts';

/** What a job asks of the picture's layout. */
export interface LayoutRequest {
  /** null for an external page that was given no built-in layout name. */
  readonly name: LayoutName | null;
  readonly options: GivenOptions;
  /** The options as the job wrote them, for external layout apps. */
  readonly wireOptions: Readonly<Record<string, unknown>>;
  readonly externalCssUrl: string | null;
  readonly externalAppUrl: string | null;
}

/** Reads `recording.layout` of a job. */
export const WireLayout = z
  .strictObject({
    name: z.string().default('spotlight'),
    options: z.record(z.string(), z.unknown()).nullable().default({}),
    external_css_url: OptionalHttpAddress,
    external_app_url: OptionalHttpAddress,
  })
  .transform((wire, context): LayoutRequest => {
    const refuse = (path: string[], message: string) =>
      context.addIssue({ code: 'custom', path, message, input: wire });
    if (!LAYOUT_SPELLINGS.includes(wire.name))
      refuse(['name'], unknownName('layout', wire.name, LAYOUT_SPELLINGS));
    if (wire.name === 'custom' && wire.external_app_url === null)
      refuse(['external_app_url'], 'is needed for the layout "custom"');
    const wireOptions = wire.options ?? {};
    const { options, problems } = parseLayoutOptions(wireOptions);
    for (const { key, message } of problems) refuse(['options', key], message);
    return {
      name: layoutNamed(wire.name),
      options,
      wireOptions,
      externalCssUrl: wire.external_css_url,
      externalAppUrl: wire.external_app_url,
    };
  });
