import type { CallSource } from '../../shared/callSource.ts';
import type { Call } from './call.ts';
import { joinDemoCall } from './demo/demoCall.ts';
import { joinLiveKitCall } from './liveKitCall.ts';

/** Joins the call that a source describes. */
export function joinCall(source: CallSource): Call {
  switch (source.kind) {
    case 'demo':
      return joinDemoCall(source);
    case 'livekit':
      return joinLiveKitCall(source);
    case 'app':
      throw new Error('The source "app" is for external layout apps; this page needs "demo" or "livekit"');
  }
}
