import type { LayoutName } from '../../shared/layout/layoutNames.ts';
import type { Layout } from './arrangement.ts';
import { grid } from './grid.ts';
import { singleParticipant } from './singleParticipant.ts';
import { spotlight } from './spotlight.ts';

/** Every built-in layout. To add one, add its name to shared/layout/layoutNames.ts and a line here. */
export const LAYOUTS: Record<LayoutName, Layout> = {
  single_participant: singleParticipant,
  grid,
  spotlight,
  // The defaults of its options alone make a sidebar of it: see shared/layout/layoutOptions.ts.
  sidebar: spotlight,
};
