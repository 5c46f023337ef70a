import { type FormEvent, useState } from 'react';
import { messageOf } from './messageOf.ts';

/** What somebody has filled in. */
export interface Filled {
  /** The text of a field without the spaces around it; empty where there is none. */
  text(name: string): string;
  /** Whether a box is ticked. */
  has(name: string): boolean;
}

/** A form that is sent once at a time, and that is gone once it is sent. What `send` throws is the problem to show in it. */
export function useSubmit(send: (filled: Filled) => Promise<void>) {
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(null);
    try {
      await send({
        text: (name) => String(given.get(name) ?? '').trim(),
        has: (name) => given.has(name),
      });
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  };
  return { problem, isBusy, onSubmit };
}
