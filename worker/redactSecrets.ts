import type { RecordingRequest } from '../shared/request/recordingRequest.ts';
import { secretsOf } from '../shared/request/secretsOf.ts';

/** Replaces every secret of a request in a text: servers and pages quote tokens in their errors. */
export function redactSecrets(text: string, request: RecordingRequest): string {
  return secretsOf(request).reduce((redacted, secret) => redacted.replaceAll(secret, '[redacted]'), text);
}
