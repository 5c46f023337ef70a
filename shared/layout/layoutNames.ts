/** The built-in layouts, by their wire names. */
export const LAYOUT_NAMES = ['single_participant', 'grid', 'spotlight'] as const;
export type LayoutName = (typeof LAYOUT_NAMES)[number];

/** Every spelling that the recording API has used for a built-in layout, and the layout that it means. */
const SPELLINGS: Readonly<Record<string, LayoutName>> = {
  single_participant: 'single_participant',
  'single-participant': 'single_participant',
  grid: 'grid',
  spotlight: 'spotlight',
  'dominant-speaker': 'single_participant',
  mobile: 'single_participant',
};

/** What a job may write as `layout.name`; `custom` stands for the page at `layout.external_app_url`. */
export const LAYOUT_SPELLINGS: readonly string[] = [...Object.keys(SPELLINGS), 'custom'];

/** The layout that a spelling means, or null if it means none. */
export function layoutNamed(spelling: string): LayoutName | null {
  return Object.hasOwn(SPELLINGS, spelling) ? (SPELLINGS[spelling] as LayoutName) : null;
}

/** The spelling of the setupLayout contract and of the linked layout app: `single-participant`. */
export function contractLayoutName(name: LayoutName): string {
  return name === 'single_participant' ? 'single-participant' : name;
}
