import { useEffect } from 'react';
import type { CallState } from '../call/call.ts';
import { sendToWorker } from './sendToWorker.ts';

/** Tells the worker that the page is ready, how many people there are, and how the call ended. */
export function useReports(state: CallState, participantCount: number, isReady: boolean): void {
  const isJoined = state.name === 'joined';
  useEffect(() => {
    if (isJoined) sendToWorker({ type: 'participants', count: participantCount });
  }, [isJoined, participantCount]);
  useEffect(() => {
    if (isReady) sendToWorker({ type: 'ready' });
  }, [isReady]);
  useEffect(() => {
    if (state.name === 'ended') sendToWorker({ type: 'call_ended' });
    if (state.name === 'failed')
      sendToWorker({
        type: 'failed',
        code: state.code,
        message: state.message,
      });
  }, [state]);
}
