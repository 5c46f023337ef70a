/** What is left of a recording that nobody works on any more. */
export type OrphanKind =
  /** A `.part` in the folder of recordings. */
  | 'unfinished_file'
  /** A file that was on its way to a bucket. */
  | 'spool'
  /** A whole file that could not be delivered to its bucket. */
  | 'undelivered'
  /** A manifest or a mark of ownership whose file is complete or gone. */
  | 'side_file'
  /** The temporary folder of a browser whose worker was killed. */
  | 'work_folder'
  /** A manifest in Redis of a recording without a job. */
  | 'manifest'
  /** A record in Redis that tells of no end. */
  | 'record';

/**
 * What is to be done with it. finish: make a playable file of it. end: give the recording its final state. remove:
 * delete it, because nothing of a recording is in it. keep: only a person can decide.
 */
export type OrphanAction = 'finish' | 'end' | 'remove' | 'keep';

export interface Orphan {
  readonly kind: OrphanKind;
  /** A path, or the name of a key in Redis. */
  readonly place: string;
  /** null where it is not known which recording it belongs to. */
  readonly recordingId: string | null;
  /** Seconds since it last changed; null where that is not known. */
  readonly ageS: number | null;
  readonly sizeBytes: number | null;
  readonly action: OrphanAction;
  /** Whether a worker does it by itself. Otherwise only `call-compositor orphans --fix` does. */
  readonly isAutomatic: boolean;
  /** Why, in a sentence. */
  readonly reason: string;
}

/** What changed within this time may belong to somebody who is about to go on with it. */
export const YOUNGEST_S = 120;
