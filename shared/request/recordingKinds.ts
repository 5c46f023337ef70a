/** What a job may ask for. `composed`: the call as the layout app shows it, as one picture with one sound. */
export const RECORDING_KINDS = ['composed'] as const;
export type RecordingKind = (typeof RECORDING_KINDS)[number];
