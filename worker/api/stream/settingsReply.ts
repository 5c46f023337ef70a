import type { Settings } from '../config/callTypeSettings.ts';
import { changeSettings, recordingSettings } from '../recordings/callSettings.ts';

/** Settings that clients expect of every call, and that say nothing of its recording. */
const OTHERS = {
  audio: {
    ...{
      access_request_enabled: true,
      default_device: 'speaker',
      mic_default_on: true,
      speaker_default_on: true,
    },
    ...{ opus_dtx_enabled: true, redundant_coding_enabled: true, hifi_audio_enabled: false },
  },
  backstage: { enabled: false },
  broadcasting: {
    enabled: false,
    hls: { auto_on: false, enabled: false, quality_tracks: [], layout: { name: 'spotlight' } },
    rtmp: { enabled: false, quality: '720p', layout: { name: 'spotlight' } },
  },
  encryption: { mode: 'disabled' },
  frame_recording: { mode: 'disabled', capture_interval_in_seconds: 2, quality: '720p' },
  geofencing: { names: [] },
  individual_recording: { mode: 'disabled', output_types: [] },
  limits: { max_participants_exclude_roles: [] },
  raw_recording: { mode: 'disabled', audio_only: false },
  ring: { auto_cancel_timeout_ms: 15_000, incoming_call_timeout_ms: 15_000, missed_call_timeout_ms: 15_000 },
  screensharing: { access_request_enabled: true, enabled: true },
  session: { inactivity_timeout_seconds: 30 },
  thumbnails: { enabled: false },
  transcription: { mode: 'disabled', closed_caption_mode: 'disabled', language: 'auto' },
  video: {
    ...{ access_request_enabled: true, camera_default_on: true, camera_facing: 'front', enabled: true },
    target_resolution: { width: 1280, height: 720, bitrate: 0 },
  },
};

/** All settings of a call type, or of a call that overrides some of them. */
export function settingsReply(ofType: Settings, ofCall: Settings = {}): Record<string, unknown> {
  return { ...OTHERS, ...changeSettings(ofType, ofCall), recording: recordingSettings(ofType, ofCall) };
}
