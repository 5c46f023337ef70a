import type { AppRow, CallRow, CallTypeRow, RecordingRow, RecordState, StorageRow } from './rows.ts';

/** Which recordings of a tenant are asked for. Times are Unix ms. */
export interface RecordingQuery {
  readonly callType?: string | undefined;
  readonly callId?: string | undefined;
  readonly sessionId?: string | undefined;
  /** A part of `type:id`, in any case. */
  readonly call?: string | undefined;
  readonly states?: readonly RecordState[] | undefined;
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
  /** One row for each tenant, with the key `app`. */
  readonly apps: Rows<AppRow>;
  /** The calls that people follow over a connection, with its id as key. */
  readonly watched: {
    add(tenant: string, connection: string, cid: string): Promise<void>;
    /** Which of these connections follow the call. */
    by(tenant: string, connections: readonly string[], cid: string): Promise<string[]>;
  };
  /** Keyed by `type:id`. One that is not changed for as long as records are kept is forgotten. */
  readonly calls: Pick<Rows<CallRow>, 'get' | 'update'>;
  readonly recordings: {
    get(tenant: string, id: string): Promise<RecordingRow | null>;
    /** A recording that is there already stays as it is. */
    add(row: RecordingRow): Promise<void>;
    /** Writes what `change` makes of a recording; null if there is none of this id. */
    update(
      tenant: string,
      id: string,
      change: (row: RecordingRow) => RecordingRow,
    ): Promise<RecordingRow | null>;
    remove(row: RecordingRow): Promise<void>;
    list(tenant: string, query: RecordingQuery): Promise<RecordingPage>;
    /** The tenant whose recording this is; null if nobody has started it here. */
    ownerOf(id: string): Promise<string | null>;
    /** Recordings that are not over, as far as is known. */
    open(): Promise<{ readonly tenant: string; readonly id: string }[]>;
  };
  readonly running: {
    /** The recording that a call has, or had last; null where it never had one. */
    of(tenant: string, cid: string): Promise<string | null>;
    /** Makes `next` the recording of a call, if that is still `before`. Resolves to whether it is. */
    replace(tenant: string, cid: string, before: string | null, next: string): Promise<boolean>;
  };
  /** Which recording belongs to a session of a call. */
  readonly sessions: {
    of(tenant: string, session: string): Promise<string | null>;
    /** Notes a recording for a session that has none yet. Resolves to what is noted for it then. */
    claim(tenant: string, session: string, recording: string): Promise<string>;
  };
  /** The RSA keys that sign webhooks, in PEM: made once, and the same for all servers. */
  signingKey(): Promise<{ readonly privateKey: string; readonly publicKey: string }>;
  /** Throws if the store does not answer. */
  ping(): Promise<void>;
}
