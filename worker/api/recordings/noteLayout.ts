import type { RecordingLayout } from '../../../shared/api/recordingReply.ts';
import type { LayoutChange } from '../../../shared/layout/layoutChange.ts';
import type { Api } from '../api.ts';
import type { RecordingRow } from '../store/rows.ts';

/** Notes the layout that a recording has from now on, so that whoever opens it sees what is shown. */
export async function noteLayout(api: Api, row: RecordingRow, change: LayoutChange): Promise<RecordingRow> {
  const noted = await api.store.recordings.update(row.tenant, row.id, (before) => {
    const layoutSettings = before.layoutSettings ? withChange(before.layoutSettings, change) : null;
    return { ...before, layout: change.name ?? before.layout, layoutSettings };
  });
  return noted === null
    ? row
    : { ...row, layout: noted.layout, layoutSettings: noted.layoutSettings ?? null };
}

/** As the worker changes it: what is left out stays, and an option that is null goes back to its default. */
function withChange(
  layout: RecordingLayout,
  { name, options, external_css_url: css }: LayoutChange,
): RecordingLayout {
  const all = Object.entries({ ...layout.options, ...options });
  return {
    name: name ?? layout.name,
    options: Object.fromEntries(all.filter(([, value]) => value !== null)),
    external_css_url: css === undefined ? layout.external_css_url : css,
    external_app_url: layout.external_app_url,
  };
}
