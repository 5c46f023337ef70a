import type { CallParticipant } from '../call.ts';

/** The parts of an SFU's participant that say who somebody is. */
export interface SfuPerson {
  readonly identity: string;
  readonly name?: string | undefined;
  readonly metadata?: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
}

type Description = Pick<CallParticipant, 'id' | 'userId' | 'name' | 'imageUrl' | 'roles' | 'isPinned'>;

/**
 * Who a participant is. `pinned`, `image` and `roles` are read from the attributes, else from metadata that is
 * a JSON object.
 */
export function describePerson({ identity, name, metadata, attributes }: SfuPerson): Description {
  const facts: Record<string, unknown> = {
    ...parseObject(metadata),
    ...attributes,
  };
  return {
    id: identity,
    userId: identity,
    name: name?.trim() || identity,
    imageUrl: webAddress(facts.image ?? facts.imageUrl),
    roles: listOf(facts.roles ?? facts.role),
    isPinned: facts.pinned === true || facts.pinned === 'true' || facts.pinned === '1',
  };
}

function parseObject(json: string | undefined): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(json || '{}');
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    // Metadata is free text; only some platforms put JSON there.
    return {};
  }
}

function webAddress(given: unknown): string | null {
  return typeof given === 'string' && /^https?:\/\//.test(given) ? given : null;
}

function listOf(given: unknown): string[] {
  if (Array.isArray(given)) return given.map(String);
  if (typeof given !== 'string') return [];
  return given
    .split(',')
    .map((role) => role.trim())
    .filter(Boolean);
}
