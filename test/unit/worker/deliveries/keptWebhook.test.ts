import { expect, test } from 'vitest';
import { SecretReference } from '../../../../shared/wire/secret.ts';
import { webhookKeeper } from '../../../../worker/deliveries/keptWebhook.ts';

const KEY = 'a key of the operator';
const WEBHOOK = { url: 'https://hooks.example/T0/path?token=abc', secret: 'whsec_c2VjcmV0', tenant: null };
const secretsOf = (tenant: string | null) => async (name: string) => `${name} of ${tenant}`;

test('with a key, Redis gets nothing of a webhook but its origin, and whoever has the key can open it', async () => {
  const kept = webhookKeeper(KEY, secretsOf).keep(WEBHOOK);
  expect(kept).toMatchObject({ url: 'https://hooks.example', secret: null });
  const bytes = Buffer.from(String(kept.sealed), 'base64').toString('latin1');
  expect(`${JSON.stringify(kept)}${bytes}`).not.toMatch(/T0|token|abc|whsec|c2VjcmV0/);
  const { url, secret } = WEBHOOK;
  expect(await webhookKeeper(KEY, secretsOf).open(kept)).toEqual({ url, secret });
});

test('the same webhook is sealed in the same way, so that a repeated delivery is recognised', () => {
  const { keep } = webhookKeeper(KEY, secretsOf);
  expect(keep(WEBHOOK)).toEqual(webhookKeeper(KEY, secretsOf).keep(WEBHOOK));
  expect(keep({ ...WEBHOOK, url: 'https://hooks.example/b' }).sealed).not.toBe(keep(WEBHOOK).sealed);
});

test('another key, no key, or a changed text open nothing', async () => {
  const kept = webhookKeeper(KEY, secretsOf).keep(WEBHOOK);
  await expect(webhookKeeper('another key', secretsOf).open(kept)).rejects.toThrow(
    'another COMPOSITOR_SEAL_KEY',
  );
  await expect(webhookKeeper(null, secretsOf).open(kept)).rejects.toThrow('has no COMPOSITOR_SEAL_KEY');
  const changed = Buffer.from(String(kept.sealed), 'base64');
  changed[20] = (changed[20] ?? 0) ^ 1;
  const forged = { ...kept, sealed: changed.toString('base64') };
  await expect(webhookKeeper(KEY, secretsOf).open(forged)).rejects.toThrow('another COMPOSITOR_SEAL_KEY');
});

test.each([
  null,
  KEY,
])('a secret that the job names is looked up when it is needed (key: %s)', async (key) => {
  const { keep, open } = webhookKeeper(key, secretsOf);
  const kept = keep({ ...WEBHOOK, secret: new SecretReference('hook'), tenant: 'acme' });
  const waiting = JSON.parse(JSON.stringify(kept));
  expect(await open(waiting)).toEqual({ url: WEBHOOK.url, secret: 'hook of acme' });
});

test('without a key a webhook is kept as it is, as earlier versions did', async () => {
  const { keep, open } = webhookKeeper(null, secretsOf);
  const { url, secret } = WEBHOOK;
  expect(keep(WEBHOOK)).toEqual({ url, secret, sealed: null });
  const earlier = { url, secret } as Parameters<typeof open>[0];
  expect(await webhookKeeper(KEY, secretsOf).open(earlier)).toEqual({ url, secret });
});
