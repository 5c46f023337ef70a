import type { PageLoss } from '../../shared/page/pageProbe.ts';
import { RecordingError } from '../recordingError.ts';
import { lastErrorOf } from './lastErrorOf.ts';
import type { Judge } from './snapshot.ts';

/**
 * In how many answers in a row, one a second, the content must be gone. Answers are counted and not seconds, so that a
 * slow page has as many chances to come back. A rejected promise is weaker evidence than an exception.
 */
const ANSWERS_WITH_LOSS: Record<PageLoss['cause'], number> = { exception: 4, removed: 4, rejection: 10 };

/** The page has lost its content for good. A page that only shows nothing has lost nothing. */
export const pageLost: Judge = ({ tab }) => {
  const loss = tab.probe?.loss ?? null;
  if (loss === null || tab.answersWithLoss < ANSWERS_WITH_LOSS[loss.cause]) return null;
  throw new RecordingError(
    'page_blank',
    `${whatHappened(loss)}${loss.error === null ? lastErrorOf(tab) : ''}`,
  );
};

function whatHappened({ cause, error }: PageLoss): string {
  switch (cause) {
    case 'exception':
      return `The page lost its content when it did not catch an error: ${error}`;
    case 'rejection':
      return `The page lost its content when it did not handle a rejected promise: ${error}`;
    case 'removed':
      return 'The page removed everything from its document, and nothing came back';
  }
}
