import { LONGEST_TOLD } from '../../../shared/page/pageCalls.ts';

/**
 * Makes the function that hands a message to the gate. It is an event, because events are all that the worlds of a page
 * share; and it is one of `performance`, because what listens to a document is lost when the page writes it anew.
 */
export function openChannel(name: string): (message: object) => void {
  // Taken now: the page may put others in their place.
  const Event = CustomEvent;
  const { stringify } = JSON;
  const dispatch = performance.dispatchEvent.bind(performance);
  return (message) => {
    const detail = stringify(message, (_, value) =>
      typeof value === 'string' ? value.slice(0, LONGEST_TOLD) : value,
    );
    dispatch(new Event(name, { detail }));
  };
}
