import { descriptorOf } from '../sources/callSource.ts';
import { storageDescriptorOf } from '../storages/storageTarget.ts';
import type { RecordingRequest } from './recordingRequest.ts';

/** Everything in a request that must not appear in logs, events and results; the longest first, each once. */
export function secretsOf({ source, outputs, webhook }: RecordingRequest): string[] {
  const ofStorages = outputs.flatMap(({ storage }) =>
    storage === null ? [] : storageDescriptorOf(storage).secretsOf(storage),
  );
  const all = [...descriptorOf(source).secretsOf(source), ...ofStorages, webhook?.secret ?? null];
  const given = all.flatMap((secret) => (secret ? [secret] : []));
  return [...new Set(given)].sort((one, other) => other.length - one.length);
}
