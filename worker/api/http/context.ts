import type { Context } from 'hono';
import type { Principal } from '../auth/principal.ts';

/** What is kept with a request while it is answered. */
export interface ApiEnv {
  readonly Variables: {
    who: Principal;
    /** From performance.now(). */
    arrivedAtMs: number;
  };
}

export type ApiContext = Context<ApiEnv>;
