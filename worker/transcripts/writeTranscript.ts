import type { Heard, Segment } from './readAnswer.ts';

/** What was said in a whole recording. Times are in seconds of the recording. */
export interface Transcript {
  readonly language: string | null;
  readonly durationS: number;
  readonly segments: readonly Segment[];
}

/** What was heard in a part that begins at `startS` and lasts for `durationS`. */
export interface HeardPart {
  readonly startS: number;
  readonly durationS: number;
  readonly heard: Heard;
}

/** Joins what was heard in the parts of a recording; the language is that of the first part that has one. */
export function joinParts(parts: readonly HeardPart[]): Transcript {
  return {
    language: parts.find(({ heard }) => heard.language !== null)?.heard.language ?? null,
    durationS: parts.reduce((end, { startS, durationS }) => Math.max(end, startS + durationS), 0),
    segments: parts.flatMap(({ startS, heard }) =>
      heard.segments.map((segment) => ({
        ...segment,
        startS: startS + segment.startS,
        endS: startS + segment.endS,
      })),
    ),
  };
}

/** As WebVTT (https://www.w3.org/TR/webvtt1/). */
export function toVtt({ segments }: Transcript): string {
  const cues = segments.map(
    ({ startS, endS, text }) => `${timestamp(startS)} --> ${timestamp(endS)}\n${escaped(text)}\n`,
  );
  return ['WEBVTT\n', ...cues].join('\n');
}

/** As JSON in the shape that the service's own `verbose_json` has, for the whole recording. */
export function toJson({ language, durationS, segments }: Transcript): string {
  const rounded = (s: number) => Math.round(s * 1000) / 1000;
  const written = {
    task: 'transcribe',
    language,
    duration: rounded(durationS),
    text: segments.map(({ text }) => text).join(' '),
    segments: segments.map(({ startS, endS, text }, id) => ({
      id,
      start: rounded(startS),
      end: rounded(endS),
      text,
    })),
  };
  return `${JSON.stringify(written, null, 2)}\n`;
}

function timestamp(seconds: number): string {
  const ms = Math.round(seconds * 1000);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const hours = two(ms / 3_600_000);
  return `${hours}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}.${String(ms % 1000).padStart(3, '0')}`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
