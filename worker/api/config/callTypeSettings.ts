import { z } from 'zod';
import { judgeLayout, WRITTEN_LAYOUT } from '../../../shared/api/writtenLayout.ts';
import { QUALITIES } from '../../../shared/encoding/encodingProfile.ts';
import { oneOf } from '../../../shared/wire/nearestName.ts';

export const RECORDING_MODES = ['available', 'disabled', 'auto-on'] as const;

/** `settings.recording.layout`. What it says is judged as a job's layout is. */
const Layout = z
  .strictObject({
    ...WRITTEN_LAYOUT,
    /** Known to the API and without effect here. */
    detect_orientation: z.boolean().nullish(),
  })
  .superRefine(({ detect_orientation: _, ...layout }, context) => judgeLayout(layout, context));

/** `settings.recording`. A field that is null or missing leaves what was set before. */
const RecordingSettings = z.strictObject({
  mode: z.enum(RECORDING_MODES, oneOf('mode', RECORDING_MODES)).nullish(),
  audio_only: z.boolean().nullish(),
  quality: z.enum(QUALITIES, oneOf('quality', QUALITIES)).nullish(),
  layout: Layout.nullish(),
});

/** Settings of a call type, or those that a call overrides. Others than those of recordings are kept and given back. */
export const Settings = z.looseObject({ recording: RecordingSettings.nullish() });
export type Settings = z.output<typeof Settings>;

/** For each role, what it may do. */
export const Grants = z.record(z.string().min(1).max(64), z.array(z.string().max(64)).max(200));
export type Grants = z.output<typeof Grants>;

/** `settings.recording` with every field. */
export interface CompleteRecordingSettings {
  readonly mode: (typeof RECORDING_MODES)[number];
  readonly audio_only: boolean;
  readonly quality: (typeof QUALITIES)[number];
  readonly layout: {
    readonly name: string;
    readonly options: Readonly<Record<string, unknown>>;
    readonly external_css_url: string;
    readonly external_app_url: string;
    readonly detect_orientation: boolean;
  };
}
