import type { z } from 'zod';

/** The keys a schema knows at a path; through wrappers and, for a union, of every branch. */
export function knownKeysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const [head, ...rest] = path;
  const parts = openedParts(schema);
  if (head === undefined) return [...new Set(parts.flatMap(({ shape }) => Object.keys(shape ?? {})))];
  return parts.flatMap(({ shape, element }) => {
    const next = typeof head === 'number' ? element : ownPart(shape, String(head));
    return next ? knownKeysAt(next, rest) : [];
  });
}

type Shape = Readonly<Record<string, z.core.$ZodType>>;

/** What is inside an object or a list. */
interface Part {
  readonly shape?: Shape;
  readonly element?: z.core.$ZodType;
}

function ownPart(shape: Shape | undefined, key: string): z.core.$ZodType | undefined {
  return shape && Object.hasOwn(shape, key) ? shape[key] : undefined;
}

function openedParts(schema: z.core.$ZodType): Part[] {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  switch (def.type) {
    case 'object':
      return [{ shape: def.shape }];
    case 'array':
      return [{ element: def.element }];
    case 'union':
      return def.options.flatMap(openedParts);
    case 'default':
    case 'prefault':
    case 'nullable':
    case 'optional':
      return openedParts(def.innerType);
    case 'pipe':
      return [...openedParts(def.in), ...openedParts(def.out)];
    default:
      return [];
  }
}
