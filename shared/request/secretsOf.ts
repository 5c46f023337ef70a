import { imageAddressesIn } from '../layout/imageAddressesIn.ts';
import { descriptorOf } from '../sources/callSource.ts';
import { storageDescriptorOf } from '../storages/storageTarget.ts';
import type { ParsedRequest } from './parseRecordingRequest.ts';
import type { RecordingRequest } from './recordingRequest.ts';
import { secretsInAddress } from './secretsInAddress.ts';
import { targetsOf } from './targetsOf.ts';

/**
 * Everything in a request that must not appear in logs, events and results; the longest first, each once. What is only
 * named is not known yet.
 */
export function secretsOf(given: ParsedRequest | RecordingRequest): string[] {
  const request = given as RecordingRequest;
  const { source, webhook, transcription } = request;
  const ofStorages = targetsOf(request).flatMap(({ target }) =>
    storageDescriptorOf(target).secretsOf(target),
  );
  const ofAddresses = addressesOf(request).flatMap(secretsInAddress);
  const all = [
    ...descriptorOf(source).secretsOf(source),
    ...ofStorages,
    webhook?.secret ?? null,
    transcription?.apiKey ?? null,
    ...ofAddresses,
  ];
  const known = all.filter((secret): secret is string => typeof secret === 'string' && secret !== '');
  return [...new Set(known)].sort((one, other) => other.length - one.length);
}

/** Addresses in which a secret may stand. */
function addressesOf(request: RecordingRequest): string[] {
  const { source, webhook, layout, transcription } = request;
  const ofStorages = targetsOf(request).flatMap(({ target }) =>
    storageDescriptorOf(target).addressesOf(target),
  );
  const others = [webhook?.url, transcription?.url, layout.externalAppUrl, layout.externalCssUrl];
  return [
    ...descriptorOf(source).addressesOf(source),
    ...ofStorages,
    ...others.flatMap((address) => address ?? []),
    ...imageAddressesIn(layout.options),
  ];
}
