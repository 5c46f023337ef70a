import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import type { RecordingResult } from '../../shared/events/recordingEvents.ts';
import { machineText, thisMachine } from '../bench/thisMachine.ts';
import { runTool } from '../support/inspect/runTool.ts';
import { ssimAt } from '../support/inspect/ssimAt.ts';
import { serveFolder } from '../support/serveFolder.ts';
import { startCompositor } from '../support/startCompositor.ts';
import { allScenes, type Scene } from './scenes.ts';

const BUILT = fileURLToPath(new URL('../../dist/layout-app/', import.meta.url));
const TABLE = fileURLToPath(new URL('../../docs/bench/sameness.md', import.meta.url));
/** For how long each scene is shown, and when in this time it is looked at. */
const SHOWN_S = 4;
const LOOKED_AT_S = 2;
/** The same picture, encoded twice. */
const LEAST_SSIM = 0.995;

const WAYS = ['drawn', 'decoded'] as const;

/**
 * Records the same still scenes of our layout app with videos as the browser draws them and as they were decoded, and compares
 * the decoded frames of each scene.
 */
export async function main(argv: string[]): Promise<void> {
  const command = new Command('sameness')
    .option('--only <text>', 'scenes whose name contains this', '')
    .option('--pictures <folder>', 'where the pictures of scenes that differ go')
    .parse(argv);
  const { only, pictures } = command.opts<{ only: string; pictures?: string }>();
  const scenes = allScenes().filter(({ name }) => name.includes(only));
  const folder = await mkdtemp(join(tmpdir(), 'sameness-'));
  const compositor = await startCompositor();
  const served = await serveFolder(folder);
  try {
    await writeApp(folder, scenes);
    const [drawn, decoded] = await Promise.all(
      WAYS.map((videos) =>
        compositor.record({
          call: { id: `sameness-${videos}` },
          recording: {
            quality: '720p',
            videos,
            encoding: { video_bitrate_kbps: 20_000 },
            layout: { external_app_url: served.url('index.html') },
          },
          limits: { max_duration_s: scenes.length * SHOWN_S },
        }),
      ),
    );
    if (!drawn?.file || !decoded?.file) throw new Error('nothing was recorded');
    const found: { scene: Scene; ssim: number }[] = [];
    for (const [index, scene] of scenes.entries()) {
      const atS = index * SHOWN_S + LOOKED_AT_S;
      const ssim = await ssimAt(atS, drawn.file, decoded.file);
      found.push({ scene, ssim });
      console.log(`${ssim.toFixed(4)} ${scene.name}`);
      if (pictures && ssim < LEAST_SSIM) await keepPicture(atS, drawn.file, decoded.file, pictures, index);
    }
    const table = tableOf(found, decoded);
    console.log(table);
    if (only === '') await writeFile(TABLE, table);
  } finally {
    await compositor.close();
    await served.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Our layout app as an app of someone's own, which shows one scene after the other, whatever it is told to show. */
async function writeApp(folder: string, scenes: readonly Scene[]): Promise<void> {
  await cp(BUILT, folder, { recursive: true });
  const show = `
    const scenes = ${JSON.stringify(scenes.map(({ config }) => config))};
    let setup;
    Object.defineProperty(window, 'setupLayout', {
      configurable: true,
      set: (given) => { setup = given; },
      get: () => setup && ((config) => {
        let at = 0;
        const next = () => setup({ ...config, ...scenes[at++ % scenes.length] });
        setInterval(next, ${SHOWN_S * 1000});
        return next();
      }),
    });`;
  const html = await readFile(join(folder, 'index.html'), 'utf8');
  await writeFile(join(folder, 'scenes.js'), show);
  await writeFile(
    join(folder, 'index.html'),
    html.replace('<head>', '<head><script src="scenes.js"></script>'),
  );
}

/** Both frames side by side, and what differs, eight times as strong. */
async function keepPicture(
  atS: number,
  one: string,
  other: string,
  folder: string,
  index: number,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const inputs = [one, other].flatMap((file) => ['-ss', String(atS), '-i', file]);
  const graph =
    '[0]split[a][c];[1]split[b][d];[c][d]blend=all_mode=difference,lutyuv=y=val*8:u=128:v=128[e];[a][b][e]hstack=3';
  const path = join(folder, `${index}.png`);
  await runTool('ffmpeg', ['-y', ...inputs, '-filter_complex', graph, '-frames:v', '1', path]);
}

function tableOf(
  found: readonly { scene: Scene; ssim: number }[],
  { decoded_s, duration_s }: RecordingResult,
): string {
  const sorted = [...found].sort((one, other) => one.ssim - other.ssim);
  const same = found.filter(({ ssim }) => ssim >= LEAST_SSIM).length;
  const rows = sorted.map(
    ({ scene, ssim }) => `| ${scene.name.replaceAll('|', '\\|')} | ${ssim.toFixed(4)} |`,
  );
  return `# Whether videos look the same as they were decoded

${found.length} still scenes of our layout app, each recorded twice at 720p and 20 Mbit/s: with videos as the browser draws them, and as they were
decoded (${decoded_s} s of ${duration_s} s). SSIM of decoded frames: ${same} of ${found.length} scenes have at least ${LEAST_SSIM}. The least similar come
first. From \`npm run sameness\`, on ${machineText(thisMachine())}.

| scene | SSIM |
| --- | --- |
${rows.join('\n')}
`;
}
