import type { RecordingRequest } from '../shared/request/recordingRequest.ts';

/** Replaces every secret of a request in a text: servers and pages quote tokens in their errors. */
export function redactSecrets(text: string, request: RecordingRequest): string {
  return secretsOf(request).reduce((redacted, secret) => redacted.replaceAll(secret, '[redacted]'), text);
}

function secretsOf({ source, storage, webhook }: RecordingRequest): string[] {
  const secrets = [webhook?.secret];
  if (source.kind !== 'demo') secrets.push(source.token);
  if (source.kind === 'app') secrets.push(source.apiKey);
  if (storage?.kind === 's3') secrets.push(storage.secretAccessKey, storage.sessionToken);
  return secrets.filter((secret) => typeof secret === 'string' && secret !== '') as string[];
}
