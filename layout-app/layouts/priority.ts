import type { ResolvedLayoutOptions } from '../../shared/layout/resolveLayoutOptions.ts';

/** `layout.priority`; null where the job says nothing. */
export type Priority = 'speaker' | 'pin' | null;

/** A reason to take a place on the page from somebody else. */
export type Claim = 'isPinned' | 'hasScreenShare' | 'isSpeaking';

/** The priority that options ask for. */
export function priorityOf(options: ResolvedLayoutOptions): Priority {
  return options['layout.priority'] as Priority;
}

/** The claims that count, the strongest first. */
export function claimsBy(priority: Priority): readonly Claim[] {
  switch (priority) {
    case 'speaker':
      return ['hasScreenShare', 'isSpeaking'];
    case 'pin':
      return ['isPinned', 'hasScreenShare'];
    case null:
      return ['isPinned', 'hasScreenShare', 'isSpeaking'];
  }
}
