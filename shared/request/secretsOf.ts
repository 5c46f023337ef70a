import { imageAddressesIn } from '../layout/imageAddressesIn.ts';
import { descriptorOf } from '../sources/callSource.ts';
import { type StorageTarget, storageDescriptorOf } from '../storages/storageTarget.ts';
import type { RecordingRequest } from './recordingRequest.ts';
import { secretsInAddress } from './secretsInAddress.ts';

/** Everything in a request that must not appear in logs, events and results; the longest first, each once. */
export function secretsOf(request: RecordingRequest): string[] {
  const { source, webhook } = request;
  const ofStorages = storagesOf(request).flatMap((target) => storageDescriptorOf(target).secretsOf(target));
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
function addressesOf(request: RecordingRequest): string[] {
  const { source, webhook, layout } = request;
  const ofStorages = storagesOf(request).flatMap((target) => storageDescriptorOf(target).addressesOf(target));
  const others = [webhook?.url, layout.externalAppUrl, layout.externalCssUrl];
  return [
    ...descriptorOf(source).addressesOf(source),
    ...ofStorages,
    ...others.flatMap((address) => address ?? []),
    ...imageAddressesIn(layout.options),
  ];
}

function storagesOf({ outputs }: RecordingRequest): StorageTarget[] {
  return outputs.flatMap(({ storage, backup }) => [storage, backup].filter((target) => target !== null));
}
