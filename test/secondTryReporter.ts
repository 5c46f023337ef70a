import type { TestCase, TestModule, Reporter as VitestReporter } from 'vitest/node';

/** At the end, lists the tests that failed and then passed when they were tried once more, and why they failed. */
export class SecondTryReporter implements VitestReporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const late = tests.filter((test) => test.diagnostic()?.flaky);
    if (late.length === 0) return;
    console.warn(`\n${late.length} tests passed only when they were tried once more:`);
    for (const test of late)
      console.warn(`  ${test.module.relativeModuleId} > ${test.fullName}\n${reasonOf(test)}`);
  }
}

function reasonOf(test: TestCase): string {
  const { errors = [] } = test.result();
  return errors.map(({ message, stacks }) => `    ${message} (line ${stacks?.[0]?.line})`).join('\n');
}
