import type { ConsoleLine, ContractSignal } from '../../../shared/page/pageCalls.ts';
import { consoleText } from './consoleText.ts';

const METHODS = ['log', 'info', 'debug', 'dir', 'table', 'trace', 'warn', 'error', 'assert'] as const;

/** Tells what the page writes on its console, which it goes on to do as before. */
export function watchConsole(tell: (told: ConsoleLine | ContractSignal) => void): void {
  for (const method of METHODS) {
    const write = console[method].bind(console) as (...values: unknown[]) => void;
    console[method] = (...values: unknown[]) => {
      write(...values);
      if (method !== 'assert') tellLine(levelOf(method), values);
      else if (!values[0]) tellLine('error', values.slice(1));
    };
  }

  function tellLine(level: ConsoleLine['level'], values: readonly unknown[]): void {
    for (const signal of consoleSignals(values)) tell({ signal });
    tell({ type: 'console', level, text: consoleText(values) });
  }
}

function levelOf(method: (typeof METHODS)[number]): ConsoleLine['level'] {
  return method === 'error' || method === 'warn' ? method : 'debug';
}

/** The template contract: any single argument that is, or is the JSON text of, START_RECORDING or END_RECORDING. */
export function consoleSignals(values: readonly unknown[]): ContractSignal['signal'][] {
  return values.flatMap((value): ContractSignal['signal'][] => {
    if (value === 'START_RECORDING' || value === '"START_RECORDING"') return ['console'];
    return value === 'END_RECORDING' || value === '"END_RECORDING"' ? ['console_end'] : [];
  });
}
