import { lstat, readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { type NamedFiles, readManifest } from './queueView.ts';

/** One file that may have been left behind. */
export interface LeftFile {
  readonly kind: 'unfinished_file' | 'spool' | 'undelivered' | 'side_file';
  readonly path: string;
  readonly sizeBytes: number;
  /** The last change of the file or of its manifest, in Unix ms. */
  readonly changedAtUnixMs: number;
  /** null where the file has no manifest beside it. */
  readonly manifest: NamedFiles | null;
}

/**
 * Everything in the folder of recordings that is no finished recording, and those of the given paths that lie
 * elsewhere: a job may name a folder of its own. Links are not followed: they may lead to files of other programs.
 */
export async function findLeftFiles(
  recordingsDir: string,
  elsewhere: readonly string[],
): Promise<LeftFile[]> {
  const names = await readdir(recordingsDir, { recursive: true }).catch(() => []);
  const inside = names.map((name) => join(recordingsDir, name));
  const paths = new Set([...inside, ...elsewhere]);
  const found = await Promise.all([...paths].map((path) => leftFile(path, recordingsDir, paths)));
  const files = found.filter((one) => one !== null);
  const named = new Set(elsewhere);
  const isOurs = await Promise.all(
    files.map(async ({ path }) => named.has(path) || (await isReallyIn(recordingsDir, path))),
  );
  return files.filter((_, index) => isOurs[index]);
}

/** Node.js lists what is behind linked folders as well. */
async function isReallyIn(folder: string, path: string): Promise<boolean> {
  const [realFolder, real] = await Promise.all([realpath(folder), realpath(path).catch(() => null)]);
  return real === join(realFolder, relative(folder, path));
}

async function leftFile(
  path: string,
  recordingsDir: string,
  paths: ReadonlySet<string>,
): Promise<LeftFile | null> {
  const kind = kindOf(path, recordingsDir, paths);
  if (kind === null) return null;
  try {
    const { size, mtimeMs, isFile } = await statOf(path);
    if (!isFile) return null;
    const manifestPath = `${path}.json`;
    const side = await statOf(manifestPath).catch(() => null);
    const text = side?.isFile ? await readFile(manifestPath, 'utf8').catch(() => '') : '';
    const manifest = readManifest(text);
    const manifestMs = manifest === null ? 0 : (side?.mtimeMs ?? 0);
    return { kind, path, sizeBytes: size, changedAtUnixMs: Math.max(mtimeMs, manifestMs), manifest };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null; // it is being finished just now
    throw error;
  }
}

async function statOf(path: string) {
  const found = await lstat(path);
  return { size: found.size, mtimeMs: found.mtimeMs, isFile: found.isFile() };
}

/** Other programs leave files that end in `.part`, too. */
const RECORDING = /\.(mp4|m4a|webm)\.part$/;
const SIDE_FILE = /\.part\.(json|owner)(\..+)?$/;

function kindOf(path: string, recordingsDir: string, paths: ReadonlySet<string>): LeftFile['kind'] | null {
  const sideOf = SIDE_FILE.exec(path);
  if (sideOf !== null) {
    const partPath = path.slice(0, sideOf.index + '.part'.length);
    return paths.has(partPath) ? null : 'side_file';
  }
  const [top] = relative(recordingsDir, path).split(sep);
  if (top === '.uploading' || top === '.encrypting') return 'spool';
  if (top === 'undelivered') return 'undelivered';
  return RECORDING.test(path) ? 'unfinished_file' : null;
}

/** The paths of all files that processes of this machine have open, as far as this process may know. */
export async function openPaths(): Promise<ReadonlySet<string>> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const open = await Promise.all(pids.map(openPathsOf));
  return new Set(open.flat());
}

async function openPathsOf(pid: string): Promise<string[]> {
  const folder = `/proc/${pid}/fd`;
  const numbers = await readdir(folder).catch(() => []);
  return Promise.all(numbers.map((number) => readlink(join(folder, number)).catch(() => '')));
}
