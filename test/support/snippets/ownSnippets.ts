// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the shell fills these in
import type { Snippet, Tab } from './snippet.ts';

const BASE = 'https://video.stream-io-api.com';
const HEADERS = '-H "Authorization: ${TOKEN}" -H "stream-auth-type: jwt"';

function curl(method: string, path: string, body?: string): string {
  const given = body === undefined ? '' : ` -H "Content-Type: application/json" -d '${body}'`;
  return `curl -X ${method} "${BASE}${path}?api_key=\${API_KEY}" ${HEADERS}${given}`;
}

const CALL = '/api/v2/video/call/${CALL_TYPE}/${CALL_ID}';
const DISABLED = '{"settings_override": {"recording": {"mode": "disabled"}}}';
const AVAILABLE =
  '{"settings_override": {"recording": {"mode": "available", "audio_only": false, "quality": "1080p"}}}';
const CUSTOM =
  '{"settings": {"recording": {"mode": "available", "layout": {"name": "custom", "external_app_url": "https://path/to/app"}}}}';

/** Statements that do what those of the documentation do, for machines that do not have it. */
const STATEMENTS: readonly (readonly [Tab, readonly string[]])[] = [
  [
    'JavaScript',
    [
      'call.startRecording();',
      'call.stopRecording();',
      'call.listRecordings();',
      "call.deleteRecording({ session: '<session id>', filename: '<filename>' });",
      "call.update({ settings_override: { recording: { mode: 'disabled' } } });",
      "call.update({ settings_override: { recording: { mode: 'available', audio_only: false, quality: '1080p' } } });",
      "client.video.updateCallType({ name: callTypeName, settings: { recording: { mode: 'available', layout: { name: 'custom', external_app_url: 'https://path/to/app' } } } });",
    ],
  ],
  [
    'Python',
    [
      'call.start_recording()',
      'call.stop_recording()',
      'call.list_recordings()',
      'call.delete_recording(sessionID, filename)',
      "call.update(settings_override=CallSettingsRequest(recording=RecordSettingsRequest(mode='disabled')))",
      "call.update(settings_override=CallSettingsRequest(recording=RecordSettingsRequest(mode='available', audio_only=False, quality='1080p')))",
      "client.video.update_call_type('default', settings=CallSettingsRequest(recording=RecordSettingsRequest(mode='available', layout=LayoutSettingsRequest(name='custom', external_app_url='https://path/to/app'))))",
    ],
  ],
  [
    'cURL',
    [
      curl('POST', `${CALL}/start_recording`),
      curl('POST', `${CALL}/stop_recording`),
      curl('GET', `${CALL}/recordings`),
      curl('DELETE', '/video/call/${CALL_TYPE}/${CALL_ID}/${SESSION_ID}/recordings/${FILENAME}'),
      curl('PATCH', CALL, DISABLED),
      curl('PATCH', CALL, AVAILABLE),
      curl('PUT', '/api/v2/video/calltypes/${CALL_TYPE_NAME}', CUSTOM),
    ],
  ],
  [
    'JavaScript@0.3 (deprecated)',
    [
      'call.update({ settings_override: { recording: { mode: VideoRecordSettingsRequestModeEnum.DISABLED } } });',
      'call.update({ settings_override: { recording: { mode: VideoRecordSettingsRequestModeEnum.AVAILABLE, quality: VideoRecordSettingsRequestQualityEnum._1080P } } });',
      "client.video.updateCallType(callTypeName, { settings: { recording: { mode: VideoRecordSettingsModeEnum.AVAILABLE, layout: { name: VideoLayoutSettingsNameEnum.CUSTOM, external_app_url: 'https://path/to/app' } } } });",
    ],
  ],
];

export const OWN_SNIPPETS: readonly Snippet[] = STATEMENTS.flatMap(([tab, codes]) =>
  codes.map((code) => ({ tab, prelude: '', code })),
);
