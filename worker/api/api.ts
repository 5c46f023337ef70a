import type { RecordingEvent, RecordingResult } from '../../shared/events/recordingEvents.ts';
import type { RecordingState } from '../../shared/events/recordingState.ts';
import type { LookUpSecret } from '../../shared/request/lookUpSecrets.ts';
import type { S3StorageTarget } from '../../shared/storages/storageTarget.ts';
import type { Logger } from '../log.ts';
import type { ApiConfig } from './config/apiConfig.ts';
import type { ApiStore } from './store/apiStore.ts';

/** All that an answer to a request is made with. */
export interface Api {
  readonly config: ApiConfig;
  readonly store: ApiStore;
  readonly queue: RecordingQueue;
  readonly files: RecordedFiles;
  readonly log: Logger;
  readonly nowUnixMs: () => number;
  /** The secrets that the storage of a tenant may name instead of holding them. */
  readonly secretsOf: (tenant: string) => LookUpSecret;
  /** Throws an ApiError if this machine must not connect to the address. */
  readonly checkAddress: (url: string) => Promise<void>;
  /** A token with which a recorder joins a LiveKit room. */
  readonly liveKitToken: (given: {
    readonly room: string;
    readonly identity: string;
    readonly apiKey: string;
    readonly apiSecret: string;
  }) => Promise<string>;
}

/** The queue of the workers, and what they report. */
export interface RecordingQueue {
  /** Throws an InvalidRequestError if the job does not fit the schema of jobs. */
  add(recordingId: string, job: unknown): Promise<void>;
  /** Asks whichever worker has the recording, or takes it later, to end it. False if it is not on the queue. */
  stop(recordingId: string): Promise<boolean>;
  isWaitingOrRunning(recordingId: string): Promise<boolean>;
  /** What the workers told of a recording; null if nothing. */
  report(recordingId: string): Promise<{ state: RecordingState; result: RecordingResult | null } | null>;
  /** All events except progress, oldest first. */
  events(recordingId: string): Promise<RecordingEvent[]>;
}

/** The files that the workers stored. */
export interface RecordedFiles {
  /** Opens a file of a folder for reading; null if it is none of the folders that are handed out, or is not there. */
  localPath(file: string): Promise<string | null>;
  /** An address from which anyone can read an object for some time. */
  presign(target: S3StorageTarget, location: string, expiresS: number): Promise<string>;
  /** Removes a file; one that is not there any more is removed already. */
  remove(target: S3StorageTarget | null, location: string): Promise<void>;
  /** Writes a small object, and resolves to its address. Throws what the store says. */
  probe(target: S3StorageTarget, key: string, text: string): Promise<string>;
}
