import { z } from '@hono/zod-openapi';
import { PAUSE_MODES } from '../../../shared/events/recordingEvents.ts';
import { HttpAddress } from '../../../shared/wire/address.ts';
import { ApiError } from '../apiError.ts';
import { readInput } from '../http/routes.ts';
import type { RowHook } from '../store/rows.ts';
import { CALLBACK_EVENTS } from './statusCallback.ts';

const oneOf = <T extends string>(values: readonly [T, ...T[]]) => z.enum(values);

/** The parameters of a start. Events may be repeated, or separated by spaces. */
export const StartForm = z.object({
  RecordingStatusCallback: HttpAddress.optional(),
  RecordingStatusCallbackMethod: oneOf(['GET', 'POST']).default('POST'),
  RecordingStatusCallbackEvent: z.array(z.enum(CALLBACK_EVENTS)).default(['completed']),
  RecordingChannels: oneOf(['mono', 'dual']).default('mono'),
  RecordingTrack: oneOf(['inbound', 'outbound', 'both']).default('both'),
  Trim: oneOf(['trim-silence', 'do-not-trim']).default('do-not-trim'),
});

/** The parameters of an update that does not end a recording. Without `PauseBehavior`, Twilio records silence. */
export const PauseForm = z.object({
  Status: oneOf(['paused', 'in-progress', 'stopped']),
  PauseBehavior: oneOf(PAUSE_MODES).default('silence'),
});

/** Who hears of a recording that is started with this form. Throws an ApiError that names what is wrong or not built. */
export function hooksIn(form: URLSearchParams, account: string): RowHook[] {
  const events = form
    .getAll('RecordingStatusCallbackEvent')
    .flatMap((text) => text.split(/\s+/).filter(Boolean));
  const given = {
    ...Object.fromEntries([...form].filter(([, value]) => value !== '')),
    RecordingStatusCallbackEvent: events.length > 0 ? events : undefined,
  };
  const read = readInput(StartForm, given);
  const { RecordingStatusCallback: url, RecordingStatusCallbackMethod: method } = read;
  refuseNotBuilt(read);
  // A recording that fails is never completed: whoever waits for that must hear of it.
  const wanted = read.RecordingStatusCallbackEvent;
  const heard = wanted.includes('completed') ? [...new Set([...wanted, 'failed'])] : wanted;
  return url === undefined ? [] : [{ kind: 'twilio', url, method, events: heard, account }];
}

function refuseNotBuilt({
  RecordingChannels: channels,
  RecordingTrack: track,
  Trim: trim,
}: z.output<typeof StartForm>) {
  const notBuilt = {
    'RecordingChannels "dual"': channels === 'dual',
    [`RecordingTrack "${track}"`]: track !== 'both',
    'Trim "trim-silence"': trim === 'trim-silence',
  };
  const first = Object.entries(notBuilt).find(([, isAsked]) => isAsked)?.[0];
  if (first !== undefined) throw new ApiError('not_built', `not built yet: ${first}`);
}
