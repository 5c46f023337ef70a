import { expect, test } from 'vitest';
import { parseAllowedHosts } from '../../../../worker/allowedHosts.ts';
import { webRtcFor } from '../../../../worker/egress/webRtcFor.ts';

const lookUp = async (host: string) => {
  if (host === 'unknown.example') throw new Error('ENOTFOUND');
  return [host === 'livekit.internal' ? '10.0.0.7' : '8.8.8.8'];
};

interface Settings {
  readonly callServers: string[];
  readonly allow?: string;
  readonly all?: boolean;
}

test.each([
  ['auto', { callServers: [] }, 'public'],
  ['auto', { callServers: ['livekit.example', '8.8.8.8:7880'] }, 'public'],
  ['auto', { callServers: ['unknown.example'] }, 'public'],
  ['auto', { callServers: ['livekit.example', 'livekit.internal:7880'] }, 'any'],
  ['auto', { callServers: ['[fd00::1]:7880'] }, 'any'],
  ['auto', { callServers: [], allow: 'minio' }, 'any'],
  ['auto', { callServers: [], all: true }, 'any'],
  ['public', { callServers: ['livekit.internal'], all: true }, 'public'],
  ['guarded', { callServers: [], all: true }, 'guarded'],
] satisfies [string, Settings, string][])('%s with %j is %s', async (given, settings: Settings, expected) => {
  const {
    callServers,
    allow = '',
    all = false,
  } = settings as { callServers: string[]; allow?: string; all?: boolean };
  const egress = { allowPrivateUrls: all, allowHosts: parseAllowedHosts(allow) };
  expect(await webRtcFor(given as 'auto' | 'public' | 'guarded', egress, callServers, lookUp)).toBe(expected);
});
