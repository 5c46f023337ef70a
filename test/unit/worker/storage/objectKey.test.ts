import { expect, test } from 'vitest';
import { objectKey } from '../../../../worker/storage/objectKey.ts';

const given = {
  callType: 'default',
  callId: 'standup',
  recordingId: 'r1',
  attempt: 1,
  startedAtUnixMs: 0,
  extension: 'mp4',
};

test('the key contains call, start, recording and attempt', () => {
  expect(objectKey(given)).toBe('default-standup-19700101T000000Z-r1-1.mp4');
});

test('another attempt has another key', () => {
  expect(objectKey({ ...given, attempt: 2 })).not.toBe(objectKey(given));
});

test('a further output of a recording has its name in the key', () => {
  expect(objectKey({ ...given, outputName: 'small' })).toBe(
    'default-standup-19700101T000000Z-r1-1-small.mp4',
  );
});

test('a call id cannot leave the folder', () => {
  expect(objectKey({ ...given, callId: '../../etc/passwd' })).toBe(
    'default-_etc_passwd.3754d6cb-19700101T000000Z-r1-1.mp4',
  );
});

test.each<[string, 'recordingId' | 'callId' | 'callType' | 'outputName', string, string]>([
  ['differ after their first 60 characters', 'recordingId', `${'r'.repeat(60)}1`, `${'r'.repeat(60)}2`],
  ['differ after their first 60 characters', 'callId', `${'c'.repeat(60)}1`, `${'c'.repeat(60)}2`],
  ['differ in what cannot stand in a name', 'recordingId', 'room/1', 'room:1'],
  ['differ in what cannot stand in a name', 'callId', 'room/1', 'room_1'],
  ['differ in what cannot stand in a name', 'callType', 'é', 'è'],
  ['differ after their first 30 characters', 'outputName', `${'o'.repeat(30)}1`, `${'o'.repeat(30)}2`],
])('ids that %s have different keys (%s)', (_, field, one, other) => {
  expect(objectKey({ ...given, [field]: one })).not.toBe(objectKey({ ...given, [field]: other }));
});

test('file systems accept the name in a long key, even with .part after it', () => {
  const long = '/x'.repeat(100);
  const key = objectKey({
    ...given,
    callType: long,
    callId: long,
    recordingId: long,
    attempt: 999,
    outputName: long,
    extension: 'webm',
  });
  expect(`${key}.part`.length).toBeLessThanOrEqual(255);
});
