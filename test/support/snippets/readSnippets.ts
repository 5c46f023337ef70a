import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OWN_SNIPPETS } from './ownSnippets.ts';
import type { Snippet, Tab } from './snippet.ts';

const FOLDER = process.env.SEEDS ?? fileURLToPath(new URL('../../../../shared/seeds/', import.meta.url));

const TAB = /^- (JavaScript|Python|cURL|JavaScript@0\.3 \(deprecated\))$/;
const BEGINS_CODE = /^(?:\/\/ |# |curl |call\.|client\.|const |from |[a-z_]+ = )/;
const ONLY_NAMES = /^(?:const |from |[a-z_]+ = )/;

/** The documents that the API follows, or statements of our own where they are not on this machine. */
export function readSnippets(): { readonly snippets: readonly Snippet[]; readonly areOurs: boolean } {
  const name = existsSync(FOLDER) && readdirSync(FOLDER).find((file) => file.startsWith('001_'));
  if (!name) return { snippets: OWN_SNIPPETS, areOurs: true };
  return { snippets: snippetsIn(readFileSync(join(FOLDER, name), 'utf8')), areOurs: false };
}

/** Every statement below a list of tabs, with the tab that it belongs to. */
export function snippetsIn(text: string): Snippet[] {
  const lines = text.split('\n');
  return lines.flatMap((line, at) => {
    const isLastTab = TAB.test(line) && !TAB.test(lines[at + 1] ?? '');
    return isLastTab ? inTabs(statementsFrom(lines.slice(at + 1))) : [];
  });
}

/** The statements at the beginning of the lines, up to the first line of prose. Comments are left out. */
function statementsFrom(lines: readonly string[]): string[] {
  const statements: string[] = [];
  let open: string[] = [];
  for (const line of lines) {
    if (open.length === 0 && !BEGINS_CODE.test(line)) break;
    if (open.length === 0 && /^(?:\/\/|#) /.test(line)) continue;
    open.push(line);
    if (isComplete(open.join('\n'))) {
      statements.push(open.join('\n'));
      open = [];
    }
  }
  return statements;
}

function isComplete(code: string): boolean {
  const count = (sign: RegExp) => code.match(sign)?.length ?? 0;
  return count(/[([{]/g) === count(/[)\]}]/g) && !/(?:\\|=)$/.test(code);
}

/** The tabs follow each other as their names do: JavaScript, Python, cURL, and JavaScript of old. */
function inTabs(statements: readonly string[]): Snippet[] {
  let wasCurl = false;
  const preludes = new Map<Tab, string>();
  return statements.flatMap((code): Snippet[] => {
    const tab = tabOf(code, wasCurl);
    wasCurl ||= tab === 'cURL';
    const prelude = preludes.get(tab) ?? '';
    if (!ONLY_NAMES.test(code)) return [{ tab, prelude, code }];
    preludes.set(tab, `${prelude}${code}\n`);
    return [];
  });
}

function tabOf(code: string, wasCurl: boolean): Tab {
  if (code.startsWith('curl ')) return 'cURL';
  if (!code.endsWith(';')) return 'Python';
  return wasCurl ? 'JavaScript@0.3 (deprecated)' : 'JavaScript';
}
