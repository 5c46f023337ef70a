/** The key of a tile. A person's camera and the screen they share are two tiles. */
export function tileKey(tile: { readonly participantId: string; readonly kind: string }): string {
  return `${tile.participantId} ${tile.kind}`;
}
