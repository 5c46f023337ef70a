import type { AnyDelivery, Delivery } from './delivery.ts';

/** The first delivery of a lane, taken by this worker for a while. */
export interface TakenDelivery<D extends AnyDelivery = Delivery> {
  readonly lane: string;
  readonly delivery: D;
  /** How often the lane has failed since its last success. */
  readonly failures: number;
  /** When the first of these failures was; null if there was none. */
  readonly failingSinceUnixMs: number | null;
}

/** A delivery as it is listed for people. */
export interface ListedDelivery<D extends AnyDelivery = Delivery> {
  readonly state: 'waiting' | 'dead';
  readonly delivery: D;
  /** How often it was tried without success. Only the first of a recording is tried. */
  readonly failures: number;
  /** The error of the last try, or null. */
  readonly error: string | null;
  /** When it is tried next; null if it is dead, or waits for the one before it. */
  readonly nextTryUnixMs: number | null;
}

/**
 * Keeps deliveries until they have arrived. All deliveries of one recording to one target are a lane. Only the first
 * of a lane is ever handed out, so they arrive in order, and a lane that waits holds up no other one.
 */
export interface DeliveryStore<D extends AnyDelivery = Delivery> {
  /** Puts a delivery at the end of its lane. It does nothing if the delivery waits there already, or was over within the last hour. */
  put(delivery: D): Promise<void>;
  /**
   * Hands out the first delivery of a lane that is due, unless its target is one of the given origins. For 30 s
   * nobody else gets it. Resolves to null if none is due.
   */
  take(exceptOrigins: readonly string[]): Promise<TakenDelivery<D> | null>;
  /** The delivery has arrived. Its lane goes on at once. */
  arrived(taken: TakenDelivery<D>): Promise<void>;
  /** The delivery has failed, and is handed out again after `waitMs`. */
  failed(taken: TakenDelivery<D>, error: string, waitMs: number): Promise<void>;
  /** The delivery has failed for good. It becomes a dead letter for 7 days, and its lane goes on at once. */
  bury(taken: TakenDelivery<D>, error: string): Promise<void>;
  /** The delivery was not tried. Anybody may take it at once. */
  giveBack(taken: TakenDelivery<D>): Promise<void>;
  /**
   * What became of deliveries that were put: over, if they have arrived or were buried within the last hour. Lost, if
   * the store knows nothing of them.
   */
  fatesOf(deliveries: readonly D[]): Promise<('waiting' | 'over' | 'lost')[]>;
  /**
   * Everything that waits, the longest due first, and then what is dead, the newest first; at most 1000 of each. With
   * `isWanted`, those for which it is true, among the first 100,000.
   */
  list(isWanted?: (delivery: D) => boolean): Promise<ListedDelivery<D>[]>;
  /** Puts a dead letter at the end of its lane. Resolves to false if there is none of this id that is wanted. */
  resend(id: string, isWanted?: (delivery: D) => boolean): Promise<boolean>;
  /** How many lanes have deliveries that wait, and how many dead letters there are. */
  counts(): Promise<{ readonly waiting: number; readonly dead: number }>;
  /** Deletes everything, because the queue was made for one recording and is no longer used. */
  forgetAll(): Promise<void>;
  /** The wall clock of the store in Unix ms, which is the same for all workers. */
  nowUnixMs(): Promise<number>;
}
