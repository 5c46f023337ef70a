import type { ChainableCommander } from 'ioredis';

/**
 * What Redis answers to each command of a pipeline or transaction, in their order. Each has an error of its own: throws the
 * first, since one that is refused does not undo the others.
 */
export async function answersOf(commands: ChainableCommander): Promise<unknown[]> {
  const answers = await commands.exec();
  if (answers === null) throw new Error('Redis did not answer');
  return answers.map(([error, answer]) => {
    if (error) throw error;
    return answer;
  });
}
