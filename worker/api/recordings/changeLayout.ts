import { changedLayout, type LayoutChange, LayoutChangeError } from '../../../shared/layout/layoutChange.ts';
import { layoutNamed } from '../../../shared/layout/layoutNames.ts';
import { WireLayout } from '../../../shared/layout/layoutRequest.ts';
import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import { isOver, type RecordingRow } from '../store/rows.ts';
import { originOf, tenantOf } from './findCall.ts';
import { noteLayout } from './noteLayout.ts';

/** An ordinary change has some hundred characters; the rest is room for long lists of custom actions. In characters of its JSON. */
const LARGEST_CHANGE = 65_536;

/**
 * Changes the layout of a recording that is not over. Throws an ApiError for a change that does not fit. What an
 * external layout app makes of it is its own affair.
 */
export async function changeLayout(
  api: Api,
  row: RecordingRow,
  change: LayoutChange,
  isOurs = isOfOurs(api, row),
): Promise<RecordingRow> {
  if (isOver(row.state)) throw new ApiError('bad_input', `the recording is over: it is ${row.state}`);
  refuseUnknown(change, isOurs);
  refuseTooLarge(change);
  if (!(await api.queue.changeLayout(row.id, change)))
    throw new ApiError('bad_input', 'the recording is over: its job is not on the queue any more');
  return noteLayout(api, row, change);
}

/** Whether our own layout app is recorded. Of an older row that does not say so, the name of its layout tells. */
function isOfOurs(api: Api, { tenant, callType, layout, layoutSettings }: RecordingRow): boolean {
  if (!layoutSettings) return layoutNamed(layout) !== null;
  if (layoutSettings.external_app_url !== null) return false;
  return originOf(tenantOf(api, tenant), callType)?.kind !== 'app';
}

/** Each change waits in Redis until the recording is over, so it must be smaller than a job. */
function refuseTooLarge(change: LayoutChange): void {
  const { length } = JSON.stringify(change);
  if (length > LARGEST_CHANGE)
    throw new ApiError('too_large', `layout: has ${length} characters, of ${LARGEST_CHANGE} at most`);
}

/** An app that takes every name and every option. */
const SOME_APP = { external_app_url: 'https://app.example/' };

/** Names and values of our own layout app, and the address of a stylesheet, are judged here, where somebody can be told. */
function refuseUnknown(change: LayoutChange, isOurs: boolean): void {
  try {
    changedLayout(WireLayout.parse(isOurs ? {} : SOME_APP), change);
  } catch (error) {
    if (error instanceof LayoutChangeError) throw new ApiError('bad_input', error.message);
    throw error;
  }
}
