import { z } from 'zod';

/** A worker that takes jobs from the queue, as it was a few seconds ago. */
export const WorkerReply = z
  .object({
    id: z.string(),
    version: z.string().meta({ description: 'The version of call-compositor' }),
    host: z.string(),
    started_at: z.iso.datetime(),
    recordings: z.array(z.string()).meta({ description: 'The recordings of the tenant that it has' }),
    others: z.number().meta({ description: 'How many others it has' }),
    concurrency: z.number().nullable().meta({
      description: 'How many it may have at once; null for as many as the machine can carry',
    }),
    is_leaving: z.boolean().meta({ description: 'It takes no more jobs' }),
    room: z.object({ cores: z.number(), memory_mib: z.number() }).meta({
      description: 'What is left for further recordings: neither booked nor used by anything else',
    }),
  })
  .meta({ id: 'Worker' });
export type WorkerReply = z.output<typeof WorkerReply>;

export const WorkersReply = z.object({ workers: z.array(WorkerReply) });
