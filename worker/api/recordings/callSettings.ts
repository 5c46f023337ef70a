import { DEFAULT_QUALITY } from '../../../shared/encoding/encodingProfile.ts';
import type { CompleteRecordingSettings, Settings } from '../config/callTypeSettings.ts';

/** What the API means by a field of `settings.recording` that nobody has set. */
const DEFAULTS: CompleteRecordingSettings = {
  mode: 'available',
  audio_only: false,
  quality: DEFAULT_QUALITY,
  layout: {
    name: 'spotlight',
    options: {},
    external_css_url: '',
    external_app_url: '',
    detect_orientation: false,
  },
};

/**
 * Settings with changes. Fields that are null or missing stay. A layout is replaced as a whole: its options, its
 * stylesheet and its app belong to the layout that they were given with.
 */
export function changeSettings(before: Settings, changes: Settings | null | undefined): Settings {
  const merged: Record<string, unknown> = { ...before, ...present(changes ?? {}) };
  if (changes?.recording) merged.recording = { ...before.recording, ...present(changes.recording) };
  return merged as Settings;
}

/** The settings that hold for a recording: those of the call, of its type, and the defaults, in this order. */
export function recordingSettings(ofType: Settings, ofCall: Settings): CompleteRecordingSettings {
  const { recording } = changeSettings(ofType, ofCall);
  const { layout, ...others } = present(recording ?? {}) as Partial<CompleteRecordingSettings>;
  return { ...DEFAULTS, ...others, layout: { ...DEFAULTS.layout, ...present(layout ?? {}) } };
}

function present<T extends object>(given: T): Partial<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value != null)) as Partial<T>;
}
