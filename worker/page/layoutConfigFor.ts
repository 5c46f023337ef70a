import type { LayoutConfig, TestParticipant } from '../../shared/layout/layoutConfig.ts';
import { contractLayoutName } from '../../shared/layout/layoutNames.ts';
import type { RecordingRequest } from '../../shared/request/recordingRequest.ts';
import { descriptorOf } from '../../shared/sources/callSource.ts';

/** What is passed to the page's `window.setupLayout`. */
export function layoutConfigFor(request: RecordingRequest): LayoutConfig {
  const { call, layout, source } = request;
  const { apiKey, token, userId, baseUrl } = descriptorOf(source).accessOf(source);
  const screenShareLayout = layout.wireOptions.screenshare_layout;
  return {
    call_type: call.type,
    call_id: call.id,
    api_key: apiKey,
    token,
    user_id: userId,
    base_url: baseUrl,
    layout: contractLayoutName(layout.name ?? 'spotlight'),
    screenshare_layout: typeof screenShareLayout === 'string' ? screenShareLayout : 'spotlight',
    ext_css: layout.externalCssUrl ?? '',
    options: layout.wireOptions,
    ...(layout.externalAppUrl === null ? { parsed_options: layout.options } : {}),
    ...(source.kind === 'demo'
      ? {
          test_environment: {
            participants: testParticipants(source.participants),
          },
        }
      : {}),
    source,
  };
}

function testParticipants(count: number): TestParticipant[] {
  return Array.from({ length: count }, (_, index) => ({
    userId: `demo-${index + 1}`,
    sessionId: `demo-${index + 1}`,
    name: `Participant ${index + 1}`,
    isSpeaking: index === 0,
    isDominantSpeaker: index === 0,
  }));
}
