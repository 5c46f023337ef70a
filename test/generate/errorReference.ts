import { type Blame, ERROR_CODES } from '../../shared/events/errorCodes.ts';

const FIXED_BY: Readonly<Record<Blame, string>> = {
  caller: 'Whoever wrote the job',
  call: 'Whoever runs the call or the layout app',
  destination: 'Whoever runs the storage',
  worker: 'Whoever runs the worker',
};

/** docs/errors.md: every error code, who can fix it, and whether another attempt may help. */
export function errorReference(): string {
  const blames = Object.entries(FIXED_BY).map(([blame, who]) => `| \`${blame}\` | ${who}. |`);
  const codes = Object.entries(ERROR_CODES).map(
    ([code, { blame, retry, help }]) => `| \`${code}\` | \`${blame}\` | ${retry ? 'yes' : 'no'} | ${help} |`,
  );
  return [
    INTRODUCTION,
    ['| blame | who can fix it |', '| --- | --- |', ...blames].join('\n'),
    '## Error codes',
    [
      '| code | blame | tried again | what happened, and what to do |',
      '| --- | --- | --- | --- |',
      ...codes,
    ].join('\n'),
  ]
    .join('\n\n')
    .concat('\n');
}

const INTRODUCTION = `# Errors

\`npm run docs\` writes this page from [the table of error codes](../shared/events/errorCodes.ts).

The result of a failed recording has an \`error\` with four fields: \`code\` is one of the codes below, \`message\` says what
happened in this recording, \`blame\` says who can fix it, and \`help\` says what to do. The files of the result hold what
was recorded before the error.

If a code has "yes" under "tried again", the same job may succeed later. BullMQ then starts another attempt, if the job was
added to the queue with \`attempts\`. A failed attempt that another one follows publishes the event \`call.recording_warning\`
with the code \`attempt_failed\`. Only the last attempt publishes \`call.recording_failed\`. If a code has "no", the job fails at
once, whatever \`attempts\` says.`;
