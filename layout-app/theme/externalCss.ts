const LONGEST_MS = 5_000;

/**
 * Adds a stylesheet as the last in the head; it is in no cascade layer, so it wins over ours. Resolves once it
 * is settled: with null, or with why it does not apply.
 */
export function loadExternalCss(address: string): Promise<string | null> {
  if (address === '') return Promise.resolve(null);
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = address;
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve(`External CSS ${address} did not load within ${LONGEST_MS} ms; recording goes on without it`);
    }, LONGEST_MS);
    const settle = (problem: string | null) => {
      clearTimeout(timer);
      resolve(problem);
    };
    link.onload = () => settle(null);
    link.onerror = () => settle(`External CSS ${address} could not be loaded; recording goes on without it`);
    document.head.append(link);
  });
}
