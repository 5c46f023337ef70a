import type {
  PauseMode,
  RecordingEvent,
  RecordingPause,
  RecordingProgress,
  RecordingResult,
} from '../../shared/events/recordingEvents.ts';
import type { RecordingState } from '../../shared/events/recordingState.ts';
import type { LookUpSecret } from '../../shared/request/lookUpSecrets.ts';
import type { BucketTarget } from '../../shared/storages/storageTarget.ts';
import type { Hooks } from '../deliveries/openHooks.ts';
import type { Logger } from '../log.ts';
import type { WorkerNote } from '../registry/workerRegistry.ts';
import type { ApiConfig } from './config/apiConfig.ts';
import type { HookDelivery } from './events/hookDelivery.ts';
import type { ApiStore } from './store/apiStore.ts';

/** All that an answer to a request is made with. */
export interface Api {
  readonly config: ApiConfig;
  readonly store: ApiStore;
  readonly queue: RecordingQueue;
  readonly files: RecordedFiles;
  readonly events: EventStream;
  readonly deliveries: DeliveryQueue;
  /** The workers of the queue, as they noted themselves a few seconds ago. */
  readonly workers: () => Promise<WorkerNote[]>;
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
  /** Sets the metadata of a participant of a LiveKit room. Resolves to whether they are there. */
  readonly liveKitMetadata: (given: {
    readonly url: string;
    readonly apiKey: string;
    readonly apiSecret: string;
    readonly room: string;
    readonly identity: string;
    readonly metadata: string;
  }) => Promise<boolean>;
  /** Reads a webhook of a LiveKit server. Throws an Error if it is not signed with the key, or not for this body. */
  readonly liveKitWebhook: (given: {
    readonly body: string;
    readonly authorization: string;
    readonly apiKey: string;
    readonly apiSecret: string;
    readonly leewayS: number;
  }) => Promise<LiveKitWebhook>;
}

/** The events of the workers, in the order in which they happened, and how far they were told to receivers. */
export interface EventStream {
  newest(): Promise<string>;
  /** Events after a position, waiting for the first one. For one caller at a time. */
  following(position: string, waitMs: number): Promise<StreamedEvent[]>;
  /** Events after a position, without waiting. */
  after(position: string): Promise<StreamedEvent[]>;
  /** Events that come before the first server does are told to nobody. */
  begin(): Promise<void>;
  /** Up to where events were put on the queue of deliveries. */
  told(): Promise<string>;
  noteTold(position: string): Promise<void>;
  /** Whether this server is the one that puts events on that queue, for the given time at most. */
  takeTurn(server: string, forMs: number): Promise<boolean>;
  giveTurn(server: string): Promise<void>;
}

export interface StreamedEvent {
  readonly position: string;
  readonly event: RecordingEvent;
}

/** The queue of events on their way to receivers; it outlives every server. */
export type DeliveryQueue = Omit<Hooks<HookDelivery>, 'close'>;

/** What a LiveKit server tells of a room. */
export interface LiveKitWebhook {
  readonly event: string;
  /** `sid` is new whenever the server makes the room anew. */
  readonly room: { readonly name: string; readonly sid: string } | null;
  readonly participant: { readonly identity: string; readonly isPerson: boolean } | null;
}

/** What the workers told of a recording. */
export interface RecordingReport {
  readonly call_cid: string;
  readonly state: RecordingState;
  readonly updated_at: string;
  /** The newest of what it tells once a second; null before that. */
  readonly progress: RecordingProgress | null;
  /** When its first picture was recorded; null before that. */
  readonly started_at: string | null;
  readonly pauses: readonly RecordingPause[];
  readonly result: RecordingResult | null;
}

/** The queue of the workers, and what they report. */
export interface RecordingQueue {
  /** Throws an InvalidRequestError if the job does not fit the schema of jobs. */
  add(recordingId: string, job: unknown): Promise<void>;
  /** Asks whichever worker has the recording, or takes it later, to end it. False if it is not on the queue. */
  stop(recordingId: string): Promise<boolean>;
  /** Asks it likewise to change the layout. The worker judges whether the change fits. */
  changeLayout(recordingId: string, change: unknown): Promise<boolean>;
  /** Asks it likewise to pause it in this way, or to go on where that is null. */
  pause(recordingId: string, mode: PauseMode | null): Promise<boolean>;
  /** The picture of now of a running recording, as a JPEG; null where there is none. */
  picture(recordingId: string): Promise<Uint8Array | null>;
  isWaitingOrRunning(recordingId: string): Promise<boolean>;
  /** Nobody wants the transcript of a recording any more: one that waits to be made never is. */
  dropTranscript(recordingId: string): Promise<void>;
  /** What the workers told of a recording; null if nothing. */
  report(recordingId: string): Promise<RecordingReport | null>;
  /** All events except progress, oldest first. */
  events(recordingId: string): Promise<RecordingEvent[]>;
}

/** The files that the workers stored. */
export interface RecordedFiles {
  /** Opens a file of a folder for reading; null if it is none of the folders that are handed out, or is not there. */
  localPath(file: string): Promise<string | null>;
  /** An address from which anyone can read an object for some time. */
  isInStore(location: string): boolean;
  presign(target: BucketTarget, location: string, expiresS: number): Promise<string>;
  /** Removes a file; one that is not there any more is removed already. */
  remove(target: BucketTarget | null, location: string): Promise<void>;
  /** Writes a small object, and resolves to its address. Throws what the store says. */
  probe(target: BucketTarget, key: string, text: string): Promise<string>;
}
