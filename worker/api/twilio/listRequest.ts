import { z } from '@hono/zod-openapi';
import { ApiError } from '../apiError.ts';

const DAY_LENGTH = '2026-01-31'.length;
const DAY_MS = 24 * 60 * 60 * 1000;

export const Paging = z.object({
  PageSize: z.coerce.number().int().min(1).max(1_000).default(50),
  PageToken: z.string().max(200).optional(),
  Page: z.coerce.number().int().min(0).default(0),
  CallSid: z.string().max(200).optional(),
  DateCreated: z.string().max(40).optional(),
  'DateCreated>': z.string().max(40).optional(),
  'DateCreated<': z.string().max(40).optional(),
});

/** `DateCreated` is the day of a time, in UTC; the others may be days or times, and belong to what is asked for. */
export function timesIn(given: z.output<typeof Paging>): { from?: number; until?: number } {
  const { DateCreated: on, 'DateCreated>': after, 'DateCreated<': before } = given;
  const [first, last] = [on?.slice(0, DAY_LENGTH) ?? after, on?.slice(0, DAY_LENGTH) ?? before];
  const isDay = last?.length === DAY_LENGTH;
  return {
    ...(first && { from: timeOf(first) }),
    ...(last && { until: timeOf(last) + (isDay ? DAY_MS - 1 : 0) }),
  };
}

function timeOf(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw new ApiError('bad_input', `DateCreated: "${text}" is no date like 2026-01-31`);
  return time;
}
