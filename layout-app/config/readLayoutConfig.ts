import { z } from 'zod';
import type { TestParticipant } from '../../shared/layout/layoutConfig.ts';
import { type LayoutName, layoutNamed } from '../../shared/layout/layoutNames.ts';
import { type GivenOptions, parseLayoutOptions } from '../../shared/layout/parseLayoutOptions.ts';
import { type CallSource, PageSource } from '../../shared/sources/callSource.ts';

/** What the page needs of a LayoutConfig, checked. */
export interface PageConfig {
  readonly layout: LayoutName;
  readonly options: GivenOptions;
  readonly externalCssUrl: string;
  readonly source: CallSource;
  /** Simulated participants, where there is no source. */
  readonly scene: Scene | null;
}

export interface Scene {
  readonly participants: readonly TestParticipant[];
  readonly isStill: boolean;
}

const layoutSpelling = z
  .string()
  .default('')
  .refine((spelling) => spelling === '' || layoutNamed(spelling) !== null, {
    error: 'is not a layout',
  });

const TRACKS = ['audio', 'video', 'screen_share', 1, 2, 3, 4] as const;

const Participant = z.looseObject({
  sessionId: z.string(),
  userId: z.string().optional(),
  name: z.string().optional(),
  image: z.string().optional(),
  roles: z.array(z.string()).optional(),
  publishedTracks: z.array(z.literal(TRACKS)).optional(),
  isSpeaking: z.boolean().optional(),
  isDominantSpeaker: z.boolean().optional(),
  isPinned: z.boolean().optional(),
  pin: z.looseObject({ isLocalPin: z.boolean(), pinnedAt: z.number() }).optional(),
  video: z.string().optional(),
  cameraAspect: z.number().positive().optional(),
  screenAspect: z.number().positive().optional(),
});

const TestEnvironment = z.looseObject({
  participants: z.array(Participant),
  is_still: z.boolean().default(false),
});

/** What a page shows that was told of simulated participants and of no source. */
const NO_SOURCE = { kind: 'demo', participants: 0, script: 'steady', durationS: null } as const;

const Config = z.looseObject({
  layout: layoutSpelling,
  screenshare_layout: layoutSpelling,
  ext_css: z.string().default(''),
  options: z.record(z.string(), z.unknown()).nullish(),
  parsed_options: z.custom<GivenOptions>((given) => typeof given === 'object' && given !== null).optional(),
  source: PageSource.optional(),
  test_environment: TestEnvironment.optional(),
});

/** Checks what `window.setupLayout` was given. Throws one sentence that names every problem. */
export function readLayoutConfig(given: unknown): PageConfig {
  const parsed = Config.safeParse(given);
  if (!parsed.success) throw unusable(parsed.error.issues.map(inWords));
  const { layout, screenshare_layout, ext_css, source, test_environment } = parsed.data;
  const screenShareLayout = layoutNamed(screenshare_layout);
  const options = optionsOf(parsed.data);
  if (!source && !test_environment) throw unusable(['it names neither source nor test_environment']);
  return {
    layout: layoutNamed(layout) ?? 'spotlight',
    options: { ...(screenShareLayout ? { screenshare_layout: screenShareLayout } : {}), ...options },
    externalCssUrl: ext_css,
    source: source ?? NO_SOURCE,
    // The worker describes a demo call in both ways, for pages that know only the other one.
    scene:
      test_environment && !source
        ? {
            participants: test_environment.participants as TestParticipant[],
            isStill: test_environment.is_still,
          }
        : null,
  };
}

/** The worker has parsed its options already; a studio or a test gives them as a job would. */
function optionsOf({ options, parsed_options }: z.output<typeof Config>): GivenOptions {
  if (parsed_options) return parsed_options;
  const parsed = parseLayoutOptions(options ?? {});
  if (parsed.problems.length > 0) throw unusable(parsed.problems.map(({ message }) => message));
  return parsed.options;
}

function unusable(problems: readonly string[]): Error {
  return new Error(`The layout app cannot use its configuration: ${problems.join('; ')}`);
}

function inWords({ path, message }: z.core.$ZodIssue): string {
  return `${path.join('.') || 'config'}: ${message}`;
}
