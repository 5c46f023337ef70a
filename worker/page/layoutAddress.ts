import { contractLayoutName } from '../../shared/layout/layoutNames.ts';
import type { RecordingRequest } from '../../shared/request/recordingRequest.ts';
import { descriptorOf } from '../../shared/sources/callSource.ts';

/**
 * The address to open: ours as it is; an external app's with the template contract's query parameters
 * `layout`, `url` and `token` set, each where the job has one, and the app's own query kept.
 */
export function layoutAddress(request: RecordingRequest, ownAppUrl: string): string {
  const { externalAppUrl, name } = request.layout;
  if (externalAppUrl === null) return ownAppUrl;
  const address = new URL(externalAppUrl);
  const { url, token } = descriptorOf(request.source).accessOf(request.source);
  const parameters = {
    layout: name === null ? '' : contractLayoutName(name),
    url,
    token,
  };
  for (const [key, value] of Object.entries(parameters))
    if (value !== '') address.searchParams.set(key, value);
  return address.href;
}
