/** The built-in layouts, by their wire names. */
export const LAYOUT_NAMES = ['single_participant', 'grid', 'spotlight', 'sidebar'] as const;
export type LayoutName = (typeof LAYOUT_NAMES)[number];

/** Every spelling that the recording API has used for a built-in layout, and the layout that it means. */
const SPELLINGS: Readonly<Record<string, LayoutName>> = {
  single_participant: 'single_participant',
  'single-participant': 'single_participant',
  grid: 'grid',
  spotlight: 'spotlight',
  sidebar: 'sidebar',
  'dominant-speaker': 'single_participant',
  mobile: 'single_participant',
};

/** What a job may write as `layout.name`; `custom` stands for the page at `layout.external_app_url`. */
export const LAYOUT_SPELLINGS: readonly string[] = [...Object.keys(SPELLINGS), 'custom'];

/** The layout that a spelling means, or null if it means none. */
export function layoutNamed(spelling: string): LayoutName | null {
  return Object.hasOwn(SPELLINGS, spelling) ? (SPELLINGS[spelling] as LayoutName) : null;
}

/** The names that layout apps of the template contract know for our layouts. They have none for `sidebar`. */
const TEMPLATE_NAMES: Readonly<Partial<Record<LayoutName, string>>> = {
  single_participant: 'single-speaker',
  grid: 'grid',
  spotlight: 'speaker',
};

/**
 * What a job wrote as `layout.name` in the words of the template contract: `speaker` for `spotlight`, `single-speaker`
 * for `single_participant`, both with `-light` or `-dark` where the job wrote that after the name. Any other name is
 * the app's own and stays as it is.
 */
export function templateLayoutName(written: string): string {
  const [, spelling = written, shade = ''] = /^(.*?)(-light|-dark)?$/s.exec(written) ?? [];
  const layout = layoutNamed(spelling);
  const name = layout === null ? undefined : TEMPLATE_NAMES[layout];
  return name === undefined ? written : `${name}${shade}`;
}

/**
 * What a job wrote as a layout in the words of the setupLayout contract, which differ from ours in one name only:
 * `single-participant`. Any other name stays as it is.
 */
export function setupLayoutName(written: string): string {
  return written === 'single_participant' ? contractLayoutName(written) : written;
}

/** The spelling of the setupLayout contract and of the linked layout app: `single-participant`. */
export function contractLayoutName(name: LayoutName): string {
  return name === 'single_participant' ? 'single-participant' : name;
}
