import type { StudioState } from './studioState.ts';

/** The job's `recording`, which is also the recording settings of the API its names come from. */
export function recordingOf({ layout, quality, options, cssUrl }: StudioState): Record<string, unknown> {
  return {
    quality,
    layout: {
      name: layout,
      ...(Object.keys(options).length > 0 ? { options } : {}),
      ...(cssUrl ? { external_css_url: cssUrl } : {}),
    },
  };
}

/** The text of a state in each form in which people use it, by the name of the form. */
export const SNIPPETS: Readonly<Record<string, (state: StudioState) => string>> = {
  'Job JSON': (state) =>
    json({
      call: { id: 'standup' },
      source: { kind: 'demo', participants: state.people.length },
      recording: recordingOf(state),
    }),
  JavaScript: (state) => `client.video.updateCallType({
  name: '<call type name>',
  settings: {
    recording: ${indented(json({ mode: 'available', audio_only: false, ...recordingOf(state) }), 4)},
  },
});`,
  Python: (state) => `client.video.update_call_type(
    "<call type name>",
    settings=CallSettingsRequest(
        recording=RecordSettingsRequest(
            mode="available",
            quality=${JSON.stringify(state.quality)},
            layout=LayoutSettingsRequest(
                name=${JSON.stringify(state.layout)},
                options=${indented(python(state.options), 16)},${state.cssUrl ? `\n                external_css_url=${JSON.stringify(state.cssUrl)},` : ''}
            ),
        ),
    ),
)`,
  cURL: (
    state,
  ) => `curl -X PUT "https://video.stream-io-api.com/api/v2/video/calltypes/\${CALL_TYPE_NAME}?api_key=\${API_KEY}" \\
-H "Authorization: \${TOKEN}" \\
-H "stream-auth-type: jwt" \\
-H "Content-Type: application/json" \\
-d '${json({ settings: { recording: { mode: 'available', audio_only: false, ...recordingOf(state) } } }).replaceAll("'", "'\\''")}'`,
};

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** JSON as Python writes it. */
function python(value: unknown): string {
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (value === null) return 'None';
  if (Array.isArray(value)) return `[${value.map(python).join(', ')}]`;
  if (typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value).map(
    ([key, one]) => `    ${JSON.stringify(key)}: ${indented(python(one), 4)},`,
  );
  return entries.length === 0 ? '{}' : `{\n${entries.join('\n')}\n}`;
}

function indented(text: string, spaces: number): string {
  return text.replaceAll('\n', `\n${' '.repeat(spaces)}`);
}
