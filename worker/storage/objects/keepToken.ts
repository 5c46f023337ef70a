/** A token that is new enough to be sent, in Unix ms. */
export interface Token {
  readonly text: string;
  readonly expiresAtMs: number;
}

/** A token that has less left than this is not used any more. */
const LEFT_MS = 5 * 60_000;

/** Gets a token when it is needed, and a new one before it expires. Several that ask at once wait for the same one. */
export function keepToken(get: (signal: AbortSignal) => Promise<Token>): {
  current(signal: AbortSignal): Promise<string>;
  /** The store does not take it any more. */
  forget(): void;
} {
  let token: Token | null = null;
  let getting: Promise<Token> | null = null;
  return {
    current: async (signal) => {
      if (token !== null && token.expiresAtMs - LEFT_MS > Date.now()) return token.text;
      getting ??= get(signal).finally(() => {
        getting = null;
      });
      token = await getting;
      return token.text;
    },
    forget: () => {
      token = null;
    },
  };
}
