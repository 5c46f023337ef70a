import { z } from 'zod';

/** Something that was said. Times are in seconds. */
export interface Segment {
  readonly startS: number;
  readonly endS: number;
  readonly text: string;
}

/** What a service heard in one part of the sound. */
export interface Heard {
  readonly language: string | null;
  readonly segments: readonly Segment[];
}

/** A segment that takes no time would be shown to nobody. */
const SHORTEST_S = 0.1;
const MOST_SEGMENTS = 20_000;
/** In characters; ten minutes of fast speech are some 15,000. */
const MOST_TEXT = 1_000_000;

/** `verbose_json`, as far as it is used; a model that gives no times leaves out all but the text. */
const Answer = z.object({
  text: z.string(),
  language: z.string().max(100).nullish(),
  segments: z
    .array(z.object({ start: z.number(), end: z.number(), text: z.string() }))
    .max(MOST_SEGMENTS)
    .nullish(),
});

/**
 * Reads the answer of a service about a part of the sound of this length. Times that the part does not have are brought into
 * it. Throws an Error where the answer is none.
 */
export function readAnswer(json: string, durationS: number): Heard {
  const read = Answer.safeParse(parsed(json));
  if (!read.success) {
    const [issue] = read.error.issues;
    const where = issue?.path.join('.') || 'it';
    throw new Error(`the answer is none of the transcription API: ${where}: ${issue?.message}`);
  }
  const { text, language, segments } = read.data;
  const given = segments?.length ? segments : [{ start: 0, end: durationS, text }];
  const characters = given.reduce((sum, segment) => sum + segment.text.length, 0);
  if (characters > MOST_TEXT)
    throw new Error(
      `the answer has ${characters} characters of text for ${Math.round(durationS)} s of sound`,
    );
  const inside = (s: number) => Math.min(Math.max(0, s), durationS);
  return {
    language: language ?? null,
    segments: given
      .map(({ start, end, text: said }) => ({
        startS: inside(start),
        endS: Math.max(inside(end), inside(start) + SHORTEST_S),
        text: onOneLine(said),
      }))
      .filter(({ text: said }) => said !== '')
      .sort((one, other) => one.startS - other.startS),
  };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new Error('the answer is none of the transcription API: it is no JSON');
  }
}

/** Without control characters, with single spaces. */
export function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}
