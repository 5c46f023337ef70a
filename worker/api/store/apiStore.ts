import type { CallRow, CallTypeRow, RecordingRow, RecordState, StorageRow } from './rows.ts';

/** Which recordings of a tenant are asked for. Times are Unix ms. */
export interface RecordingQuery {
  readonly callType?: string | undefined;
  readonly callId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly state?: RecordState | undefined;
  readonly from?: number | undefined;
  readonly until?: number | undefined;
  readonly limit: number;
  /** Where the page before ended. */
  readonly cursor?: string | undefined;
}

export interface RecordingPage {
  /** The newest first. */
  readonly recordings: readonly RecordingRow[];
  /** null on the last page. A page may be shorter than it could be, and be followed by another one. */
  readonly next: string | null;
}

/** The rows of one kind: changed one at a time, however many servers change the same one. */
export interface Rows<Row> {
  get(tenant: string, key: string): Promise<Row | null>;
  list(tenant: string): Promise<Row[]>;
  /** Writes what `change` makes of the row as it is now, and resolves to it. `change` may be called several times. */
  update(tenant: string, key: string, change: (row: Row | null) => Row): Promise<Row>;
  /** Resolves to whether there was one. */
  remove(tenant: string, key: string): Promise<boolean>;
}

/** All that the servers know, apart from their configuration. Every server sees what another one wrote. */
export interface ApiStore {
  readonly callTypes: Rows<CallTypeRow>;
  readonly storages: Rows<StorageRow>;
  /** Keyed by `type:id`; not listed. */
  readonly calls: Omit<Rows<CallRow>, 'list'>;
  readonly recordings: {
    get(tenant: string, id: string): Promise<RecordingRow | null>;
    add(row: RecordingRow): Promise<void>;
    /** Writes what `change` makes of a recording; null if there is none of this id. */
    update(
      tenant: string,
      id: string,
      change: (row: RecordingRow) => RecordingRow,
    ): Promise<RecordingRow | null>;
    remove(row: RecordingRow): Promise<void>;
    list(tenant: string, query: RecordingQuery): Promise<RecordingPage>;
    /** Recordings that are not over, as far as is known. */
    open(): Promise<{ readonly tenant: string; readonly id: string }[]>;
  };
  readonly running: {
    /** The recording that a call has, or had last; null where it never had one. */
    of(tenant: string, cid: string): Promise<string | null>;
    /** Makes `next` the recording of a call, if that is still `before`. Resolves to whether it is. */
    replace(tenant: string, cid: string, before: string | null, next: string): Promise<boolean>;
  };
  /** Throws if the store does not answer. */
  ping(): Promise<void>;
}
