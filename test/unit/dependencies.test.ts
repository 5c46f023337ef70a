import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { deliveredPackages, type LockedPackages, licenceList, readLockfile } from '../generate/licences.ts';

const LICENCES = fileURLToPath(new URL('../../docs/licences.md', import.meta.url));
/** Whoever uses the package, also in a product that is sold, may do so under any of these. */
const ALLOWED = /^(MIT|MIT-0|ISC|0BSD|BSD-2-Clause|BSD-3-Clause|Apache-2\.0|MPL-2\.0|Python-2\.0|Unlicense)$/;
/** They do nothing that is needed: the browser is installed by other means, and the other one is only faster. */
const WITH_INSTALL_SCRIPT = ['node_modules/msgpackr-extract', 'node_modules/puppeteer'];

let packages: LockedPackages;
let others: LockedPackages;

beforeAll(async () => {
  packages = await readLockfile();
  const { '': _, ...rest } = packages;
  others = rest;
});

const pathsOf = (isMeant: (one: LockedPackages[string]) => boolean) =>
  Object.keys(others).filter((path) => isMeant(others[path] ?? {}));

test('every package of the lockfile has the hash of its content', () => {
  expect(pathsOf(({ integrity }) => !integrity?.startsWith('sha512-'))).toEqual([]);
});

test('every package of the lockfile comes from the public registry', () => {
  const isElsewhere = (resolved = 'https://registry.npmjs.org/') =>
    !resolved.startsWith('https://registry.npmjs.org/');
  expect(pathsOf(({ link, resolved }) => link === true || isElsewhere(resolved))).toEqual([]);
});

test('no package runs a script when it is installed, except for two that are known', () => {
  expect(pathsOf(({ hasInstallScript }) => hasInstallScript === true)).toEqual(WITH_INSTALL_SCRIPT);
});

test('whatever is delivered has a licence that is allowed', async () => {
  const delivered = await deliveredPackages(packages);
  expect(delivered.length).toBeGreaterThan(100);
  for (const name of ['bullmq', 'react', 'livekit-client'])
    expect(delivered).toContain(`node_modules/${name}`);
  const isAllowed = (license = '') =>
    license
      .replace(/[()]/g, '')
      .split(' AND ')
      .every((one) => ALLOWED.test(one));
  expect(delivered.filter((path) => !isAllowed(packages[path]?.license))).toEqual([]);
});

test('docs/licences.md is up to date with the lockfile; npm run docs writes it again', async () => {
  expect(await readFile(LICENCES, 'utf8')).toBe(await licenceList());
});
