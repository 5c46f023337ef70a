import { z } from 'zod';
import { WireLayout } from '../layout/layoutRequest.ts';

/** A layout as it is written in settings and requests of the API. */
export const WRITTEN_LAYOUT = {
  name: z.string().nullish(),
  options: z.record(z.string(), z.unknown()).nullish(),
  external_css_url: z.string().nullish(),
  external_app_url: z.string().nullish(),
};

/** Judges a layout as that of a job is judged, and leaves it as it was written. */
export function judgeLayout(layout: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void {
  const given = Object.fromEntries(Object.entries(layout).filter(([, value]) => value != null));
  for (const { path, message } of WireLayout.safeParse(given).error?.issues ?? [])
    context.addIssue({ code: 'custom', path, message });
}
