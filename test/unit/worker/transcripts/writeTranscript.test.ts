import { describe, expect, test } from 'vitest';
import { readAnswer } from '../../../../worker/transcripts/readAnswer.ts';
import { joinParts, toJson, toVtt } from '../../../../worker/transcripts/writeTranscript.ts';

const segment = (startS: number, endS: number, text: string) => ({ startS, endS, text });

describe('the answer of a service', () => {
  test('has its segments in order, inside the part, on one line, without those that say nothing', () => {
    const segments = [
      { start: 3, end: 99, text: ' b\r\n c\u0000 ' },
      { start: -1, end: 2, text: 'a' },
      { start: 4, end: 4, text: ' \n' },
      { start: 12, end: 11, text: 'd' },
    ];
    expect(readAnswer(JSON.stringify({ text: 'x', language: 'de', segments }), 10)).toEqual({
      language: 'de',
      segments: [segment(0, 2, 'a'), segment(3, 10, 'b c'), segment(10, 10.1, 'd')],
    });
  });

  test('without times is one segment, and silence is none', () => {
    expect(readAnswer('{"text":"all of it"}', 7)).toEqual({
      language: null,
      segments: [segment(0, 7, 'all of it')],
    });
    expect(readAnswer('{"text":"","segments":[]}', 7)).toEqual({ language: null, segments: [] });
  });
});

describe('a transcript', () => {
  const transcript = joinParts([
    {
      startS: 0,
      durationS: 600,
      heard: { language: null, segments: [segment(1, 2.5, 'R&D --> <b>now</b>')] },
    },
    {
      startS: 600,
      durationS: 3_000.25,
      heard: { language: 'en', segments: [segment(2_999.9999, 3_000.2, 'bye')] },
    },
  ]);

  test('has the times of the recording', () => {
    expect(transcript).toMatchObject({ language: 'en', durationS: 3_600.25 });
  });

  test('is valid WebVTT, whatever was said', () => {
    expect(toVtt(transcript)).toBe(
      'WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nR&amp;D --&gt; &lt;b&gt;now&lt;/b&gt;\n\n' +
        '01:00:00.000 --> 01:00:00.200\nbye\n',
    );
    expect(toVtt({ language: null, durationS: 0, segments: [] })).toBe('WEBVTT\n');
  });

  test('is JSON as the service would have written it for the whole recording', () => {
    expect(JSON.parse(toJson(transcript))).toEqual({
      ...{ task: 'transcribe', language: 'en', duration: 3600.25, text: 'R&D --> <b>now</b> bye' },
      segments: [
        { id: 0, start: 1, end: 2.5, text: 'R&D --> <b>now</b>' },
        { id: 1, start: 3600, end: 3600.2, text: 'bye' },
      ],
    });
  });
});
