import { z } from 'zod';
import { type LayoutRequest, WireLayout } from './layoutRequest.ts';

/**
 * What is to be different in the layout of a recording that runs, as written: a field that is left out stays as it is,
 * and so does each option. An option that is null goes back to its default. The page itself stays the same.
 */
export const LayoutChange = z.strictObject({
  name: z.string().optional(),
  options: z.record(z.string(), z.unknown()).optional(),
  external_css_url: z.string().nullable().optional(),
});
export type LayoutChange = z.output<typeof LayoutChange>;

/** A layout as written: all of it that may be changed while a recording runs. */
export interface WrittenLayout {
  readonly name: string | null;
  readonly options: Readonly<Record<string, unknown>>;
  readonly external_css_url: string | null;
}

export function writtenLayout({ wireName, wireOptions, externalCssUrl }: LayoutRequest): WrittenLayout {
  return { name: wireName, options: wireOptions, external_css_url: externalCssUrl };
}

/** A change that does not fit the layout it is for. Nothing is changed. */
export class LayoutChangeError extends Error {
  override readonly name = 'LayoutChangeError';
}

/** The layout with a change in it. Throws LayoutChangeError, which names what does not fit. */
export function changedLayout(layout: LayoutRequest, given: unknown): LayoutRequest {
  const change = parsedWith(LayoutChange, given);
  const { name = layout.wireName, external_css_url = layout.externalCssUrl } = change;
  const all = Object.entries({ ...layout.wireOptions, ...change.options });
  const options = Object.fromEntries(all.filter(([, value]) => value !== null));
  return layoutAsWritten(layout, { name, options, external_css_url });
}

/** The layout with everything as written that may be changed. Throws LayoutChangeError, which names what does not fit. */
export function layoutAsWritten(layout: LayoutRequest, written: WrittenLayout): LayoutRequest {
  const { externalAppUrl: external_app_url, isExactName: exact_name } = layout;
  return parsedWith(WireLayout, { ...written, external_app_url, exact_name });
}

function parsedWith<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const { success, data, error } = schema.safeParse(given);
  if (success) return data;
  const problems = error.issues.map(({ path, message }) =>
    [path.join('.'), message].filter(Boolean).join(': '),
  );
  throw new LayoutChangeError(`the layout cannot be changed: ${problems.join('; ')}`);
}
