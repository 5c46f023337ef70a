import { boardLines } from './boardLines.ts';
import type { Rectangle } from './rectangle.ts';
import type { Box, TileSpot } from './structure.ts';

/** What browsers have since 2025: it moves an element of the document without any effect on what plays in it. */
interface MovesElements {
  moveBefore?(node: Node, child: Node | null): void;
}

const keys = new WeakMap<Element, string>();

/**
 * Makes the children of `root` those of a box, in its order. Elements of boxes that stay are kept, and tiles are moved
 * in a way that does not interrupt their videos, which is why React does not do this. `tiles` are the elements of tiles
 * by their keys.
 */
export function buildStructure(root: HTMLElement, box: Box, tiles: ReadonlyMap<string, HTMLElement>): void {
  const filled: [parent: Element, children: number][] = [];
  fill(root, box, tiles, filled);
  // Only now, because a tile may have been in a box that is no longer there.
  for (const [parent, children] of filled)
    while (parent.children.length > children) parent.lastElementChild?.remove();
}

function fill(
  element: HTMLElement,
  { children }: Box,
  tiles: ReadonlyMap<string, HTMLElement>,
  filled: [Element, number][],
): void {
  filled.push([element, children.length]);
  const areas = drawLines(element, children);
  for (const [at, child] of children.entries()) {
    const childElement = 'tile' in child ? tiles.get(child.tile) : (keptBox(element, child) ?? newBox(child));
    if (!childElement) throw new Error(`The tile ${JSON.stringify(child)} has no element`);
    if (element.children[at] !== childElement) put(element, childElement, element.children[at] ?? null);
    place(childElement, child.place, areas.get(child));
    if ('tile' in child) continue;
    childElement.className = child.classes;
    if (child.groupSize !== undefined) childElement.dataset.groupSize = String(child.groupSize);
    fill(childElement, child, tiles, filled);
  }
}

/** Gives an element the lines on which its children begin and end, and returns the grid area of each child. */
function drawLines(element: HTMLElement, children: readonly (Box | TileSpot)[]): Map<Box | TileSpot, string> {
  const placed = children.flatMap((child) => (child.place ? [{ child, place: child.place }] : []));
  const { columns, rows, areas } = boardLines(placed.map(({ place }) => place));
  element.style.gridTemplateColumns = columns;
  element.style.gridTemplateRows = rows;
  return new Map(placed.map(({ child }, at) => [child, areas[at] as string]));
}

function keptBox(parent: Element, { key }: Box): HTMLElement | undefined {
  return [...parent.children].find((child): child is HTMLElement => keys.get(child) === key);
}

function newBox({ key }: Box): HTMLElement {
  const element = document.createElement('div');
  keys.set(element, key);
  return element;
}

function put(parent: Element & MovesElements, child: Element, before: Element | null): void {
  if (child.isConnected && parent.moveBefore) parent.moveBefore(child, before);
  else parent.insertBefore(child, before);
}

/** Says where an element is. The variables are for the stylesheets, which also size letters by them. */
function place(element: HTMLElement, rectangle: Rectangle | null, area: string | undefined): void {
  element.style.gridArea = area ?? '';
  for (const side of ['left', 'top', 'width', 'height'] as const) {
    if (rectangle) element.style.setProperty(`--place-${side}`, `${rectangle[side]}px`);
    else element.style.removeProperty(`--place-${side}`);
  }
  if (rectangle) element.style.setProperty('--place-aspect', `${rectangle.width} / ${rectangle.height}`);
}
