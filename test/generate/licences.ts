import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Code of these folders is built into the package with everything that it imports. */
const BUNDLED = ['layout-app', 'worker/capture/recorder', 'worker/page/preload'];
const IMPORT = /from '((?:@[\w.-]+\/)?[\w-][\w.-]*)[^']*'/g;

/** One package of package-lock.json. */
export interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly license?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export type LockedPackages = Readonly<Record<string, LockedPackage>>;

/** Every package of package-lock.json by its path; the path of the project itself is empty. */
export async function readLockfile(): Promise<LockedPackages> {
  return JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')).packages;
}

/** The paths of the packages that whoever installs or runs this one gets, also as a part of what was built. */
export async function deliveredPackages(packages: LockedPackages): Promise<string[]> {
  const { dependencies = {}, devDependencies = {} } = packages[''] ?? {};
  const imported = await importedNames();
  const built = Object.keys(devDependencies).filter((name) => imported.has(name));
  const found = new Set<string>();
  const open = [...Object.keys(dependencies), ...built].map((name) => `node_modules/${name}`);
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    const { dependencies: needed = {}, optionalDependencies = {} } = packages[path] ?? {};
    for (const name of Object.keys({ ...needed, ...optionalDependencies })) {
      const place = placeOf(name, path, packages);
      if (place !== null) open.push(place);
    }
  }
  return [...found].sort();
}

/** docs/licences.md, as package-lock.json has it. */
export async function licenceList(): Promise<string> {
  const packages = await readLockfile();
  const rows = (await deliveredPackages(packages)).map((path) => {
    const { version, license } = packages[path] ?? {};
    return `| ${path.replace(/^.*node_modules\//, '')} | ${version} | ${license} |`;
  });
  return `# Licences

The packages that are installed with call-compositor, or are built into it. \`npm run docs\` writes this page from
package-lock.json, and a test fails when it is not up to date. Chromium and the fonts of the Docker image are Debian's packages.

| package | version | licence |
| --- | --- | --- |
${[...new Set(rows)].join('\n')}
`;
}

/** Where Node finds a package from another one: as near as possible. */
function placeOf(name: string, from: string, packages: LockedPackages): string | null {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[place]) return place;
    if (folder === '') return null; // for another system
  }
}

async function importedNames(): Promise<ReadonlySet<string>> {
  const files = await Promise.all(
    BUNDLED.map(async (folder) =>
      (await readdir(join(ROOT, folder), { recursive: true })).map((name) => join(ROOT, folder, name)),
    ),
  );
  const code = files.flat().filter((path) => /\.tsx?$/.test(path) && !path.endsWith('vite.config.ts'));
  const texts = await Promise.all(code.map((path) => readFile(path, 'utf8')));
  return new Set(texts.flatMap((text) => [...text.matchAll(IMPORT)].map(([, name]) => String(name))));
}
