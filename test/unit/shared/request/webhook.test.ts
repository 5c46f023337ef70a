import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { parseRecordingRequest } from '../../../../shared/request/parseRecordingRequest.ts';

const requestWith = (secret: unknown) =>
  parseRecordingRequest('r1', {
    call: { id: 'a' },
    source: { kind: 'demo' },
    webhook: { url: 'https://hooks.example/', secret },
  });

describe('a webhook secret', () => {
  test.each([
    'whsec_c2VjcmV0',
    'whsec_c2VjcmV0cw==',
    'whsec_c2VjcmV0cw',
    'c2VjcmV0',
    '+/+/',
  ])('%s is taken, and signs', (secret) => {
    expect(requestWith(secret).webhook?.secret).toBe(secret);
    expect(new Webhook(secret).sign('msg_1', new Date(), '{}')).toMatch(/^v1,/);
  });

  test.each([
    '',
    'whsec_',
    'whsec_not base64',
    'my-secret!',
    'whsec_a',
    'whsec_c2Vj=mV0',
    'x'.repeat(1001),
  ])('%j is refused without being quoted', (secret) => {
    const complaint =
      'webhook.secret: is not a signing secret of Standard Webhooks: "whsec_" followed by a key';
    expect(() => requestWith(secret)).toThrow(complaint);
    if (secret.length > 10) expect(() => requestWith(secret)).not.toThrow(secret);
  });
});
