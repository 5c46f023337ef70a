import { readdir, readFile, readlink, stat } from 'node:fs/promises';
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
 * elsewhere: a job may name a folder of its own.
 */
export async function findLeftFiles(
  recordingsDir: string,
  elsewhere: readonly string[],
): Promise<LeftFile[]> {
  const names = await readdir(recordingsDir, { recursive: true }).catch(() => []);
  const paths = new Set([...names.map((name) => join(recordingsDir, name)), ...elsewhere]);
  const found = await Promise.all([...paths].map((path) => leftFile(path, recordingsDir, paths)));
  return found.filter((one) => one !== null);
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
    const manifest = readManifest(await readFile(manifestPath, 'utf8').catch(() => ''));
    const manifestMs = manifest === null ? 0 : (await statOf(manifestPath)).mtimeMs;
    return { kind, path, sizeBytes: size, changedAtUnixMs: Math.max(mtimeMs, manifestMs), manifest };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null; // it is being finished just now
    throw error;
  }
}

async function statOf(path: string) {
  const found = await stat(path);
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
  if (top === '.uploading') return 'spool';
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
