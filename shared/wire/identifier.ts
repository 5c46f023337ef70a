import { z } from 'zod';

/** What names something outside the recorder, such as a call: 1 to 200 characters, spaces around them dropped. */
export const Identifier = z.string().trim().min(1, { error: 'must not be empty' }).max(200);
