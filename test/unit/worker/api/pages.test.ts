import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiWorld, startApi } from '../../../support/startApi.ts';

let folder: string;
let world: ApiWorld;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pages-'));
  for (const path of ['assets', 'studio']) await mkdir(join(folder, path));
  for (const [path, text] of [
    ['console.html', 'the console'],
    ['index.html', 'the layout app'],
    ['studio/index.html', 'the studio'],
    ['assets/a-1.js', 'a script'],
  ] as const)
    await writeFile(join(folder, path), text);
  world = await startApi({ pagesFolder: folder, config: { public_url: 'https://recordings.example' } });
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

const get = async (path: string) => {
  const answer = await fetch(`${world.url}${path}`, { redirect: 'manual' });
  const policy = answer.headers.get('content-security-policy') ?? '';
  return { status: answer.status, text: await answer.text(), headers: answer.headers, policy };
};

test('the console is at the root, and loads scripts and data from the server alone', async () => {
  const { status, text, policy, headers } = await get('/');
  expect([status, text]).toEqual([200, 'the console']);
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'");
  expect(policy).toContain("media-src 'self' https:;");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe');
  expect(headers.get('cache-control')).toBe('no-cache');
});

test('the studio is there with the layout app, which only the server itself may show in a frame', async () => {
  for (const [path, text] of [
    ['/studio/', 'the studio'],
    ['/index.html', 'the layout app'],
  ] as const) {
    const answer = await get(path);
    expect(answer.text).toBe(text);
    expect(answer.policy).toContain("script-src 'self'; connect-src 'self'");
    expect(answer.policy).toContain("frame-ancestors 'self'");
  }
  const { status, headers } = await get('/studio');
  expect([status, headers.get('location')]).toEqual([302, './studio/']);
});

test('what has a hash in its name is kept, and nothing outside the folder is handed out', async () => {
  expect((await get('/assets/a-1.js')).headers.get('cache-control')).toContain('immutable');
  expect((await get('/assets/b-1.js')).headers.get('cache-control')).toBeNull();
  for (const path of ['/assets/..%2f..%2fetc/passwd', '/studio/..%2f..%2f..%2fetc/passwd', '/console.html'])
    expect((await get(path)).status).toBe(404);
});
