import type { RowHook } from '../store/rows.ts';

/** One event on its way to one receiver of a tenant. */
export interface HookDelivery {
  readonly id: string;
  readonly tenant: string;
  readonly recordingId: string;
  readonly type: string;
  /** The id of the receiver. What it is and its secrets are looked up when the event is sent. */
  readonly hook: string;
  readonly url: string;
  /** A receiver that only this recording has; absent for one of the tenant. */
  readonly to?: RowHook;
  readonly body: string;
  readonly sinceUnixMs: number;
}
