import { z } from 'zod';
import { oneOfKinds } from '../wire/nearestName.ts';
import type { Looked } from '../wire/secret.ts';
import { appSource } from './appSource.ts';
import type { CallSourceDescriptor } from './callSourceDescriptor.ts';
import { demoSource } from './demoSource.ts';
import { liveKitSource } from './liveKitSource.ts';

export type { DemoCallSource } from './demoSource.ts';
export type { LiveKitCallSource } from './liveKitSource.ts';

/** Every call source. To add one, write its descriptor in a file of its own and add it here. */
const CALL_SOURCES = [demoSource, liveKitSource, appSource] as const;

type Descriptor = (typeof CALL_SOURCES)[number];

/** Where the call comes from, by `source.kind`. */
export type CallSource = Looked<z.output<Descriptor['schema']>>;

/** Reads `source` of a job. */
export const WireSource = z.discriminatedUnion(
  'kind',
  CALL_SOURCES.map(({ schema }) => schema) as unknown as readonly [Descriptor['schema']],
  oneOfKinds(
    'source',
    CALL_SOURCES.map(({ kind }) => kind),
  ),
);

/** Checks the source that our own layout app is told of. */
export const PageSource = z.discriminatedUnion(
  'kind',
  CALL_SOURCES.flatMap(({ pageSchema }) => pageSchema ?? []) as unknown as readonly [
    NonNullable<Descriptor['pageSchema']>,
  ],
);

/** All that is known of a source's kind. */
export function descriptorOf(source: Pick<CallSource, 'kind'>): CallSourceDescriptor<CallSource> {
  const descriptor = CALL_SOURCES.find(({ kind }) => kind === source.kind);
  return descriptor as unknown as CallSourceDescriptor<CallSource>;
}
