import { parseRecordingRequest } from '../../shared/request/parseRecordingRequest.ts';
import type { Cost, Gate } from '../job/takenJob.ts';
import type { WorkerConfig } from '../workerConfig.ts';
import { createAdmission } from './admission.ts';
import { type Capacity, readCapacity, watchHeadroom } from './machine.ts';
import { costOf } from './recordingCost.ts';

export function capacityOf({ cores, memoryMiB }: Pick<WorkerConfig, 'cores' | 'memoryMiB'>): Capacity {
  const machine = readCapacity();
  return { cores: cores ?? machine.cores, memoryMiB: memoryMiB ?? machine.memoryMiB };
}

/** What an ordinary recording, 720p at 30 frames a second, costs on this machine. */
export function ordinaryCost({ costScale }: Pick<WorkerConfig, 'costScale'>): Cost {
  const job = { call: { id: 'ordinary' }, source: { kind: 'demo' } };
  return costOf(parseRecordingRequest('ordinary', job), costScale);
}

/** The gate, and what it shows to people. */
export interface OpenGate extends Gate {
  /** What is left for further recordings: not booked by any, and not used by anything else at this moment. */
  room(): Cost;
}

/** Creates the admission control from the settings and the machine. */
export function openGate(config: WorkerConfig): OpenGate {
  const admission = createAdmission(capacityOf(config), watchHeadroom());
  const ordinary = ordinaryCost(config);
  // Measured apart from what decides, because each look begins a new average.
  const headroom = watchHeadroom();
  return {
    room: () => {
      const [left, free] = [admission.unbooked(), headroom()];
      return {
        cores: rounded(Math.max(0, Math.min(left.cores, free.idleCores)), 2),
        memoryMiB: rounded(Math.max(0, Math.min(left.memoryMiB, free.availableMiB)), 0),
      };
    },
    admit: admission.admit,
    rebook: admission.rebook,
    release: admission.release,
    isOpen: () => admission.hasRoomFor(ordinary),
  };
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
