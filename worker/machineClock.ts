import { readFileSync } from 'node:fs';

/**
 * Milliseconds of the machine's monotonic clock, which every process of the machine shares and which goes on
 * from process to process until the machine is started anew. Chromium's timestamps are of this clock too.
 */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

const BOOT_ID = readBootId();

/** Which start of the machine the monotonic clock counts from. It is empty where the system does not tell. */
export function bootId(): string {
  return BOOT_ID;
}

function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return ''; // not Linux
  }
}
