import { z } from 'zod';

/** The values that conditions are compared with, by name: numbers, texts, booleans or lists of texts. */
export type Facts = Readonly<Record<string, number | string | boolean | readonly string[]>>;

/**
 * A condition in the language of the linked layout app's filters: for each field a value, or operators that must
 * all hold; conditions are combined by $and, $or and $not.
 */
export interface Condition {
  readonly $and?: readonly Condition[];
  readonly $or?: readonly Condition[];
  readonly $not?: Condition;
  readonly [field: string]: unknown;
}

const OPERATORS = {
  $eq: (actual: unknown, wanted: unknown) => actual === wanted,
  $neq: (actual: unknown, wanted: unknown) => actual !== wanted,
  $in: (actual: unknown, wanted: unknown) => (wanted as unknown[]).includes(actual),
  $contains: (actual: unknown, wanted: unknown) => (actual as unknown[]).includes(wanted),
  $gt: (actual: unknown, wanted: unknown) => Number(actual) > Number(wanted),
  $gte: (actual: unknown, wanted: unknown) => Number(actual) >= Number(wanted),
  $lt: (actual: unknown, wanted: unknown) => Number(actual) < Number(wanted),
  $lte: (actual: unknown, wanted: unknown) => Number(actual) <= Number(wanted),
} as const;

/** Whether a condition (already checked by its schema) holds for these facts. */
export function holds(condition: Condition, facts: Facts): boolean {
  const { $and = [], $or, $not, ...fields } = condition;
  return (
    $and.every((part) => holds(part, facts)) &&
    ($or === undefined || $or.some((part) => holds(part, facts))) &&
    ($not === undefined || !holds($not, facts)) &&
    Object.entries(fields).every(
      ([field, wanted]) => wanted === undefined || fieldHolds(facts[field], wanted),
    )
  );
}

function fieldHolds(actual: unknown, wanted: unknown): boolean {
  // For a field with one value, a list is short for $in. For a list field, any common element is enough.
  if (Array.isArray(wanted)) return [actual].flat().some((one) => wanted.includes(one));
  if (typeof wanted !== 'object' || wanted === null) return [actual].flat().includes(wanted);
  return Object.entries(wanted).every(([name, operand]) =>
    OPERATORS[name as keyof typeof OPERATORS](actual, operand),
  );
}

function scalar<Schema extends z.ZodType>(value: Schema) {
  return { $eq: value.optional(), $neq: value.optional(), $in: z.array(value).optional() };
}

const limit = z.number().optional();

/** For each kind of field, the schema of the values that it may be compared with. */
export const FIELDS = {
  number: z.union([
    z.number(),
    z.strictObject({ ...scalar(z.number()), $gt: limit, $gte: limit, $lt: limit, $lte: limit }),
  ]),
  text: z.union([z.string(), z.array(z.string()), z.strictObject(scalar(z.string()))]),
  flag: z.union([z.boolean(), z.strictObject(scalar(z.boolean()))]),
  list: z.union([z.string(), z.array(z.string()), z.strictObject({ $contains: z.string() })]),
} as const;

/** The schema of conditions on these fields. */
export function conditionOn(fields: Readonly<Record<string, keyof typeof FIELDS>>): z.ZodType<Condition> {
  const schemas = Object.entries(fields).map(([name, kind]) => [name, FIELDS[kind].optional()]);
  const schema: z.ZodType<Condition> = z.strictObject({
    ...Object.fromEntries(schemas),
    $and: z.lazy(() => z.array(schema)).optional(),
    $or: z.lazy(() => z.array(schema)).optional(),
    $not: z.lazy(() => schema).optional(),
  });
  return schema;
}
