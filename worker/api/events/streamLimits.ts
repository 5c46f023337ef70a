import { ApiError } from '../apiError.ts';
import type { Principal } from '../auth/principal.ts';

/** A page or a program needs one stream. So many of one client are as many pages of one person, or as many workers of one program. */
const MOST_OF_A_CLIENT = 100;
/** So many streams of one tenant read and judge events at once, each at most 100; what other tenants ask is answered between them. */
const AT_ONCE = 4;

/** Keeps the streams of one tenant from taking the time of the server from the others. */
export interface StreamLimits {
  /** Counts a stream of a client until it is left. Throws too_many_requests. */
  enter(who: Principal): { leave(): void };
  /** Does this once it is the turn of this tenant. */
  inTurn<Result>(tenant: string, act: () => Promise<Result>): Promise<Result>;
}

export function createStreamLimits(mostOfAClient = MOST_OF_A_CLIENT, atOnce = AT_ONCE): StreamLimits {
  const clients = new Map<string, number>();
  const tenants = new Map<string, Turns>();
  return {
    enter: ({ apiKey, kind, userId }) => {
      const client = JSON.stringify([apiKey, kind, userId]);
      const others = clients.get(client) ?? 0;
      if (others >= mostOfAClient)
        throw new ApiError(
          'too_many_requests',
          `this client hears ${others} streams of events already; end one of them first`,
        );
      clients.set(client, others + 1);
      let isIn = true;
      return {
        leave: () => {
          if (!isIn) return;
          isIn = false;
          const left = (clients.get(client) ?? 1) - 1;
          if (left > 0) clients.set(client, left);
          else clients.delete(client);
        },
      };
    },
    inTurn: async (tenant, act) => {
      const turns = tenants.get(tenant) ?? createTurns(atOnce);
      tenants.set(tenant, turns);
      await turns.begin();
      try {
        return await act();
      } finally {
        if (turns.end() === 0) tenants.delete(tenant);
      }
    },
  };
}

interface Turns {
  /** Resolves once it is the turn of whoever asks, in the order in which they have asked. */
  begin(): Promise<void>;
  /** Returns how many are at it or wait. */
  end(): number;
}

function createTurns(atOnce: number): Turns {
  const waiting: (() => void)[] = [];
  let running = 0;
  return {
    begin: async () => {
      if (running >= atOnce) return new Promise((resolve) => waiting.push(resolve));
      running += 1;
    },
    end: () => {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
      return running;
    },
  };
}
