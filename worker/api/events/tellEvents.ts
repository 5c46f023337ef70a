import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { messageOf } from '../../recordingError.ts';
import type { Api, StreamedEvent } from '../api.ts';
import { deliveriesOf, recordingOf } from './deliveriesOf.ts';

/** How long one read waits: shorter than a connection that answers clients may be silent. */
const WAIT_MS = 1_000;
const AFTER_ERROR_MS = 500;
/** A server that was lost while it told events is followed by another one after this time. */
const TURN_MS = 10_000;

export interface EventTeller {
  close(): Promise<void>;
}

/**
 * Tells the events of the workers to the receivers of each tenant. Every server follows them, for the people who are
 * connected to it (`onEvent`); one at a time puts them on the queue of deliveries, in order, and notes how far it came.
 * One that is lost in the middle is repeated by the next from there, and what waits already is not put twice.
 */
export function tellEvents(api: Api, onEvent: (streamed: StreamedEvent) => Promise<void>): EventTeller {
  const me = randomUUID();
  const { events } = api;
  let isClosed = false;
  const following = follow();

  async function follow(): Promise<void> {
    let position: string | null = null;
    let isAway = false;
    while (!isClosed) {
      try {
        position ??= await events.newest();
        const found = await events.following(position, WAIT_MS);
        for (const streamed of found) {
          position = streamed.position;
          await onEvent(streamed);
        }
        await takeTurn();
        isAway = false;
      } catch (error) {
        if (!isAway)
          api.log.warn({ reason: messageOf(error) }, 'events cannot be told; the server tries again');
        isAway = true;
        // Another Redis may have taken its place, whose stream begins anew.
        position = null;
        await wait(AFTER_ERROR_MS, undefined, { ref: false });
      }
    }
  }

  async function takeTurn(): Promise<void> {
    while (!isClosed && (await events.takeTurn(me, TURN_MS))) {
      try {
        const found = await events.after(await events.told());
        if (found.length === 0) return;
        for (const { event } of found) await put(event);
        await events.noteTold(found.at(-1)?.position as string);
      } finally {
        await events.giveTurn(me);
      }
    }
  }

  async function put(event: StreamedEvent['event']): Promise<void> {
    const row = await recordingOf(api, event);
    if (row === null) return;
    for (const delivery of await deliveriesOf(api, row, event)) await api.deliveries.put(delivery);
  }

  return {
    close: async () => {
      isClosed = true;
      await following;
    },
  };
}
