/** Whether one position in a Redis stream comes after the other. */
export function isLater(one: string, other: string): boolean {
  const [[ms = 0, at = 0], [otherMs = 0, otherAt = 0]] = [one, other].map((text) =>
    text.split('-').map(Number),
  ) as [number[], number[]];
  return ms === otherMs ? at > otherAt : ms > otherMs;
}
