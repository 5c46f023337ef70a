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

/** Creates the admission control from the settings and the machine. */
export function openGate(config: WorkerConfig): Gate {
  const admission = createAdmission(capacityOf(config), watchHeadroom());
  const ordinary = ordinaryCost(config);
  return {
    admit: admission.admit,
    release: admission.release,
    isOpen: () => admission.hasRoomFor(ordinary),
  };
}
