import { imageAddressesIn } from '../layout/imageAddressesIn.ts';
import { descriptorOf } from '../sources/callSource.ts';
import { storageDescriptorOf } from '../storages/storageTarget.ts';
import type { RecordingRequest } from './recordingRequest.ts';
import { secretsInAddress } from './secretsInAddress.ts';

/** Everything in a request that must not appear in logs, events and results; the longest first, each once. */
export function secretsOf(request: RecordingRequest): string[] {
  const { source, outputs, webhook } = request;
  const ofStorages = outputs.flatMap(({ storage }) =>
    storage === null ? [] : storageDescriptorOf(storage).secretsOf(storage),
  );
  const ofAddresses = addressesOf(request).flatMap(secretsInAddress);
  const all = [
    ...descriptorOf(source).secretsOf(source),
    ...ofStorages,
    webhook?.secret ?? null,
    ...ofAddresses,
  ];
  const given = all.flatMap((secret) => (secret ? [secret] : []));
  return [...new Set(given)].sort((one, other) => other.length - one.length);
}

/** Addresses in which a secret may stand. */
function addressesOf({ source, outputs, webhook, layout }: RecordingRequest): string[] {
  const ofStorages = outputs.flatMap(({ storage }) =>
    storage === null ? [] : storageDescriptorOf(storage).addressesOf(storage),
  );
  const others = [webhook?.url, layout.externalAppUrl, layout.externalCssUrl];
  return [
    ...descriptorOf(source).addressesOf(source),
    ...ofStorages,
    ...others.flatMap((address) => address ?? []),
    ...imageAddressesIn(layout.options),
  ];
}
