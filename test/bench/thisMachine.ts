import os from 'node:os';

/** What figures were measured on. */
export interface Machine {
  readonly cpus: number;
  readonly cpu: string;
  readonly memoryGiB: number;
}

export function thisMachine(): Machine {
  return {
    cpus: os.cpus().length,
    cpu: os.cpus()[0]?.model ?? '',
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
  };
}

export function machineText({ cpus, cpu, memoryGiB }: Machine): string {
  return `${cpus} x ${cpu}, ${memoryGiB} GiB`;
}
