import { z } from 'zod';
import { WireStorage } from '../storages/storageTarget.ts';
import { HttpAddress } from '../wire/address.ts';
import { secretOr } from '../wire/secret.ts';

/** Longer than any service makes them, in characters. */
const LONGEST_KEY = 1_000;
/** Whisper reads the last 224 tokens of a prompt, and other models not much more. In characters. */
const LONGEST_PROMPT = 2_000;

/**
 * Reads `transcription` of a job: a service that speaks OpenAI's audio transcription API
 * (https://platform.openai.com/docs/api-reference/audio/createTranscription) and writes down what is said in a recording.
 */
export const WireTranscription = z
  .strictObject({
    /** What comes before `/audio/transcriptions`, such as https://api.openai.com/v1. */
    url: HttpAddress,
    /** Sent as a bearer token; null where the service asks for none. */
    api_key: secretOr(
      z
        .string()
        .max(LONGEST_KEY)
        .regex(/^[\x21-\x7e]+$/, { error: 'is no key that a header can hold' }),
    )
      .nullable()
      .default(null),
    model: z.string().min(1).max(200).default('whisper-1'),
    /** ISO 639-1; null lets the service find out. */
    language: z
      .string()
      .regex(/^[a-z]{2,3}$/, { error: 'must be a code of ISO 639, such as "en"' })
      .nullable()
      .default(null),
    /** Names and words that the service might not know otherwise. */
    prompt: z.string().max(LONGEST_PROMPT).nullable().default(null),
    /** Where the transcript goes; null for where the recording is. */
    storage: WireStorage.refine(({ kind }) => kind !== 'presigned', {
      error: 'cannot be "presigned": such an address is for one file, and a transcript has two',
    })
      .nullable()
      .default(null),
  })
  .transform(({ api_key, ...transcription }) => ({ ...transcription, apiKey: api_key }));

/** How a recording is transcribed, with a key that may be named. */
export type Transcription = Readonly<z.output<typeof WireTranscription>>;
