import type { PageConfig } from '../config/readLayoutConfig.ts';
import type { Call } from './call.ts';
import { joinDemoCall } from './demo/demoCall.ts';
import { joinSceneCall } from './demo/sceneCall.ts';
import { joinLiveKitCall } from './liveKitCall.ts';

/** Joins the call that a configuration describes. */
export function joinCall({ source, scene }: Pick<PageConfig, 'source' | 'scene'>): Call {
  if (scene) return joinSceneCall(scene);
  switch (source.kind) {
    case 'demo':
      return joinDemoCall(source);
    case 'livekit':
      return joinLiveKitCall(source);
    case 'app':
      throw new Error('The source "app" is for external layout apps; this page needs "demo" or "livekit"');
  }
}
