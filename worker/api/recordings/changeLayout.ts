import { changedLayout, type LayoutChange, LayoutChangeError } from '../../../shared/layout/layoutChange.ts';
import { layoutNamed } from '../../../shared/layout/layoutNames.ts';
import { WireLayout } from '../../../shared/layout/layoutRequest.ts';
import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import { isOver, type RecordingRow } from '../store/rows.ts';
import { noteLayout } from './noteLayout.ts';

/**
 * Changes the layout of a recording that is not over. Throws an ApiError for a change that does not fit. What an
 * external layout app makes of it is its own affair.
 */
export async function changeLayout(
  api: Api,
  row: RecordingRow,
  change: LayoutChange,
  isOurs = layoutNamed(row.layout) !== null,
): Promise<RecordingRow> {
  if (isOver(row.state)) throw new ApiError('bad_input', `the recording is over: it is ${row.state}`);
  refuseUnknown(change, isOurs);
  if (!(await api.queue.changeLayout(row.id, change)))
    throw new ApiError('bad_input', 'the recording is over: its job is not on the queue any more');
  return noteLayout(api, row, change);
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
