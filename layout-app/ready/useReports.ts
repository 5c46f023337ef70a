import { useEffect } from 'react';
import type { CallState } from '../call/call.ts';
import { callEnded, failed, participants, ready } from '../layoutPage.ts';

/** Tells the recorder that the page is ready, how many people there are, and how the call ended. */
export function useReports(state: CallState, participantCount: number, isReady: boolean): void {
  const isJoined = state.name === 'joined';
  useEffect(() => {
    if (isJoined) participants(participantCount);
  }, [isJoined, participantCount]);
  useEffect(() => {
    if (isReady) ready();
  }, [isReady]);
  useEffect(() => {
    if (state.name === 'ended') callEnded();
    if (state.name === 'failed') failed(state.message, state.code);
  }, [state]);
}
