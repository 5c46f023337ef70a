/** Why a transcript could not be made. `isFinal`: trying again would change nothing. */
export class TranscriptError extends Error {
  readonly isFinal: boolean;

  constructor(message: string, isFinal: boolean, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'TranscriptError';
    this.isFinal = isFinal;
  }
}
