import { z } from 'zod';

const HTTP = /^https?$/;
const WEBSOCKET = /^(wss?|https?)$/;

/** Simulated people with drawn video and tones; nothing outside the tab is needed. */
const DemoSource = z
  .strictObject({
    kind: z.literal('demo'),
    participants: z.int().min(0).max(100).default(5),
    /** `standup`: they join, speak, mute, share a screen and leave. `steady`: all stay and take turns. */
    script: z.enum(['standup', 'steady']).default('standup'),
    /** After how many seconds the call ends; null for never. */
    duration_s: z.number().positive().nullable().default(null),
  })
  .transform((wire) => ({
    kind: wire.kind,
    participants: wire.participants,
    script: wire.script,
    durationS: wire.duration_s,
  }));

/** A room on a LiveKit server. Without a token the worker mints one for the room named `call.id`. */
const LiveKitSource = z
  .strictObject({
    kind: z.literal('livekit'),
    url: z.url({
      protocol: WEBSOCKET,
      error: 'is not a ws, wss, http or https address',
    }),
    token: z.string().min(1).nullable().default(null),
  })
  .transform((wire) => wire);

/** The external layout app joins the call itself; everything given here is handed to it. */
const AppSource = z
  .strictObject({
    kind: z.literal('app'),
    api_key: z.string().default(''),
    token: z.string().default(''),
    user_id: z.string().default(''),
    base_url: z.union([z.literal(''), z.url({ protocol: HTTP })]).default(''),
    url: z.union([z.literal(''), z.url({ protocol: WEBSOCKET })]).default(''),
  })
  .transform((wire) => ({
    kind: wire.kind,
    apiKey: wire.api_key,
    token: wire.token,
    userId: wire.user_id,
    baseUrl: wire.base_url,
    url: wire.url,
  }));

export const CALL_SOURCES = {
  demo: DemoSource,
  livekit: LiveKitSource,
  app: AppSource,
} as const;

/** Where the call comes from, by `source.kind`. */
export type CallSource = {
  [K in keyof typeof CALL_SOURCES]: z.output<(typeof CALL_SOURCES)[K]>;
}[keyof typeof CALL_SOURCES];
export type DemoCallSource = Extract<CallSource, { kind: 'demo' }>;
export type LiveKitCallSource = Extract<CallSource, { kind: 'livekit' }>;
