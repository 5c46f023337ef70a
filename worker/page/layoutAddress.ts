import { templateLayoutName } from '../../shared/layout/layoutNames.ts';
import type { RecordingRequest } from '../../shared/request/recordingRequest.ts';
import { descriptorOf } from '../../shared/sources/callSource.ts';

/**
 * The address to open: ours as it is; an external app's with the template contract's query parameters `layout`, `url`
 * and `token`, each where the job has one. A parameter that is in the address already stays as the job wrote it, and so
 * does everything else in it.
 */
export function layoutAddress(request: RecordingRequest, ownAppUrl: string): string {
  const { externalAppUrl, wireName, isExactName } = request.layout;
  if (externalAppUrl === null) return ownAppUrl;
  const address = new URL(externalAppUrl);
  const { url, token } = descriptorOf(request.source).accessOf(request.source);
  const layout = wireName === null || isExactName ? (wireName ?? '') : templateLayoutName(wireName);
  const parameters = { layout, url, token };
  const added = Object.entries(parameters).filter(
    ([key, value]) => value !== '' && !address.searchParams.has(key),
  );
  const queries = [address.search.slice(1), new URLSearchParams(added).toString()];
  address.search = queries.filter((query) => query !== '').join('&');
  return address.href;
}
