import { InvalidRequestError, parseRecordingRequest } from '../../shared/request/parseRecordingRequest.ts';
import type { Gate } from '../job/consumeJobs.ts';
import type { WorkerConfig } from '../workerConfig.ts';
import { createAdmission } from './admission.ts';
import { type Capacity, readCapacity, watchHeadroom } from './machine.ts';
import { type Cost, costOf } from './recordingCost.ts';

/** A job that cannot be read is refused at once and costs nothing. */
const NOTHING: Cost = { cores: 0, memoryMiB: 0 };

export function capacityOf({ cores, memoryMiB }: Pick<WorkerConfig, 'cores' | 'memoryMiB'>): Capacity {
  const machine = readCapacity();
  return { cores: cores ?? machine.cores, memoryMiB: memoryMiB ?? machine.memoryMiB };
}

/** What an ordinary recording, 720p at 30 frames a second, costs on this machine. */
export function ordinaryCost({ costScale }: Pick<WorkerConfig, 'costScale'>): Cost {
  const job = { call: { id: 'ordinary' }, source: { kind: 'demo' } };
  return costOf(parseRecordingRequest('ordinary', job), costScale);
}

/** Lets in what the machine can carry beside what runs. */
export function openGate(config: WorkerConfig): Gate {
  const admission = createAdmission(capacityOf(config), watchHeadroom());
  const ordinary = ordinaryCost(config);
  return {
    admit: (id, payload) => admission.admit(id, costOfJob(payload, config.costScale)),
    release: (id) => admission.release(id),
    isOpen: () => admission.hasRoomFor(ordinary),
  };
}

function costOfJob(payload: unknown, scale: number): Cost {
  try {
    return costOf(parseRecordingRequest('', payload), scale);
  } catch (error) {
    if (error instanceof InvalidRequestError) return NOTHING;
    throw error;
  }
}
