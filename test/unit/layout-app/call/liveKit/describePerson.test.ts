import { expect, test } from 'vitest';
import { describePerson } from '../../../../../layout-app/call/liveKit/describePerson.ts';

test.each([
  [{}, '', false],
  [{ pinned: 'true' }, '', true],
  [{ pinned: '1' }, 'free text', true],
  [{}, '{"pinned":true}', true],
  [{}, '{"pinned":"true"}', true],
  [{ pinned: 'false' }, '{"pinned":true}', false],
  [{ role: 'host' }, '{"pinned":false}', false],
])('with the attributes %j and the metadata %j, isPinned is %j', (attributes, metadata, isPinned) => {
  expect(describePerson({ identity: 'ada', attributes, metadata }).isPinned).toBe(isPinned);
});
