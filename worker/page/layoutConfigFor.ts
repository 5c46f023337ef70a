import type { LayoutConfig } from '../../shared/layout/layoutConfig.ts';
import { contractLayoutName, setupLayoutName } from '../../shared/layout/layoutNames.ts';
import type { LayoutRequest } from '../../shared/layout/layoutRequest.ts';
import type { RecordingRequest } from '../../shared/request/recordingRequest.ts';
import { descriptorOf } from '../../shared/sources/callSource.ts';
import { testParticipants } from './testParticipants.ts';

/**
 * What is passed to the page's `window.setupLayout`. What the job does not give is absent, because an empty text would
 * keep the page from taking its own default.
 */
export function layoutConfigFor(request: RecordingRequest): LayoutConfig {
  const { call, layout, source } = request;
  const { apiKey, token, userId, baseUrl, logLevel } = descriptorOf(source).accessOf(source);
  return {
    call_type: call.type,
    call_id: call.id,
    ...whatIsGiven({
      api_key: apiKey,
      token,
      user_id: userId,
      base_url: baseUrl,
      log_level: logLevel,
      layout: layoutOf(layout),
      screenshare_layout: screenShareLayoutOf(layout),
      ext_css: layout.externalCssUrl,
    }),
    options: layout.wireOptions,
    ...(layout.externalAppUrl === null ? { parsed_options: layout.options } : {}),
    ...(source.kind === 'demo'
      ? { test_environment: { participants: testParticipants(source.participants) } }
      : {}),
    // All that an app source says stands above.
    ...(source.kind === 'app' ? {} : { source }),
  };
}

/** Our own page always has a layout; an external one has the name that the job wrote, which it may alone understand. */
function layoutOf({ name, wireName, isExactName, externalAppUrl }: LayoutRequest): string | null {
  if (externalAppUrl === null) return name && contractLayoutName(name);
  if (isExactName) return wireName;
  return wireName && setupLayoutName(wireName);
}

function screenShareLayoutOf({ wireOptions }: LayoutRequest): string | null {
  const written = wireOptions.screenshare_layout || wireOptions['grid.screenshare_layout'];
  return typeof written === 'string' ? setupLayoutName(written) : null;
}

function whatIsGiven<Key extends string>(fields: Readonly<Record<Key, string | null>>) {
  const given = Object.entries(fields).filter(([, value]) => value !== '' && value !== null);
  return Object.fromEntries(given) as Partial<Record<Key, string>>;
}
