import { z } from 'zod';
import type { CallSource } from '../../shared/callSource.ts';
import { type LayoutName, layoutNamed } from '../../shared/layoutNames.ts';
import { findOptionProblems } from '../../shared/resolveLayoutOptions.ts';

/** What the page needs of a LayoutConfig, checked. */
export interface PageConfig {
  readonly layout: LayoutName;
  readonly options: Readonly<Record<string, unknown>>;
  readonly externalCssUrl: string;
  readonly source: CallSource;
}

const layoutSpelling = z
  .string()
  .default('')
  .refine((spelling) => spelling === '' || layoutNamed(spelling) !== null, {
    error: 'is not a layout',
  });

const Source = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('demo'),
    participants: z.int().min(0).max(100),
    script: z.enum(['standup', 'steady']),
    durationS: z.number().positive().nullable(),
  }),
  z.looseObject({
    kind: z.literal('livekit'),
    url: z.string().min(1),
    token: z.string().min(1),
  }),
]);

const Config = z.looseObject({
  layout: layoutSpelling,
  screenshare_layout: layoutSpelling,
  ext_css: z.string().default(''),
  options: z.record(z.string(), z.unknown()).nullish(),
  source: Source,
});

/** Checks what `window.setupLayout` was given. Throws one sentence that names every problem. */
export function readLayoutConfig(given: unknown): PageConfig {
  const parsed = Config.safeParse(given);
  const problems = parsed.success
    ? findOptionProblems(parsed.data.options ?? {}).map(({ message }) => message)
    : parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'config'}: ${message}`);
  if (!parsed.success || problems.length > 0) {
    throw new Error(`The layout app cannot use its configuration: ${problems.join('; ')}`);
  }
  const { layout, screenshare_layout, ext_css, options, source } = parsed.data;
  return {
    layout: layoutNamed(layout) ?? 'spotlight',
    options: {
      ...(screenshare_layout ? { screenshare_layout } : {}),
      ...options,
    },
    externalCssUrl: ext_css,
    source,
  };
}
