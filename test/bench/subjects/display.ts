import { type ChildProcess, spawn } from 'node:child_process';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../support/eventually.ts';
import { findProgram } from '../../support/findProgram.ts';
import type { Size } from '../size.ts';

/** The programs that pipelines which record a screen need in addition to their recorder. */
export const displayMissing =
  findProgram('Xvfb') && findProgram('pulseaudio')
    ? null
    : 'Xvfb or pulseaudio is missing (Debian: apt-get install xvfb pulseaudio)';

/** Starts a virtual screen and sound card, as Jibri and LiveKit Egress use them. */
export async function openDisplay({ widthPx, heightPx }: Size) {
  const folder = await mkdtemp(join(tmpdir(), 'bench-display-'));
  const name = `:${100 + (process.pid % 900)}`;
  const pulse = `unix:${folder}/pulse.sock`;
  const screen = ['-screen', '0', `${widthPx}x${heightPx}x24`, '-ac', '-nolisten', 'tcp'];
  const sound = ['--exit-idle-time=-1', '-n', '--load=module-null-sink sink_name=rec'];
  const socket = `--load=module-native-protocol-unix socket=${folder}/pulse.sock auth-anonymous=1`;
  const home = { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder };
  const children: ChildProcess[] = [
    spawn('Xvfb', [name, ...screen], { stdio: 'ignore' }),
    spawn('pulseaudio', [...sound, socket], { env: home, stdio: 'ignore' }),
  ];
  const env: NodeJS.ProcessEnv = { ...home, DISPLAY: name, PULSE_SERVER: pulse };
  await eventually('the virtual sound card answers', () => soundAnswers(folder), { withinMs: 10_000 });
  return {
    env,
    name,
    pids: children.map(({ pid }) => Number(pid)),
    close: async () => {
      for (const child of children) child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function soundAnswers(folder: string): Promise<boolean> {
  return access(`${folder}/pulse.sock`).then(
    () => true,
    () => false,
  );
}
