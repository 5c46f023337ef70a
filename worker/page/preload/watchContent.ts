import type { UncaughtError } from '../../../shared/page/pageCalls.ts';
import type { PageLoss } from '../../../shared/page/pageProbe.ts';

/** Something a person would see: any of these, or text. */
const MEDIA = 'video, canvas, img, svg, picture, iframe, object, embed';
/** Elements that show nothing, whatever they hold. */
const SHOWS_NOTHING = 'script, style, link, meta, template, noscript, #egress-ready-for-capture';
/** An uncaught error and an emptied root belong together if no more time than this is between them. */
const SAME_MOMENT_MS = 1_000;
const MOST_ERRORS_KEPT = 20;

/** What the page can tell of its own content. */
export interface Content {
  /** The page has just not caught this error. */
  noteUncaught(error: UncaughtError): void;
  hasShownAnything(): boolean;
  loss(): PageLoss | null;
}

interface Uncaught extends UncaughtError {
  readonly atMs: number;
}

/** The last time that the root of the app lost all its elements and the page then showed nothing. */
interface Emptied {
  readonly root: Node;
  readonly atMs: number;
  /** Whether the body lost elements that the HTML of the page had brought. */
  readonly hasLostItsOwn: boolean;
}

/**
 * Watches a document from its beginning. A page that shows nothing is not dead for that: apps show nothing while
 * nobody is in the call. It is dead if its root was emptied at the moment of an uncaught error (React takes down an app
 * that throws while it renders), or if the body was emptied of what the HTML had brought.
 */
export function watchContent(): Content {
  const uncaught: Uncaught[] = [];
  const served = new WeakSet<Node>();
  let emptied: Emptied | null = null;
  let hasShown = false;

  document.addEventListener('DOMContentLoaded', () => {
    for (const element of document.querySelectorAll('*')) served.add(element);
  });

  const isRoot = (node: Node) =>
    node === document || node === document.body || node.parentNode === document.body || served.has(node);
  new MutationObserver((records) => {
    for (const { target, removedNodes } of records) {
      const removed = [...removedNodes].filter((node) => node instanceof Element);
      if (removed.length === 0 || !isRoot(target) || !isBare(target) || showsAnything()) continue;
      const isWhole = target === document || target === document.body;
      const hasLostItsOwn = isWhole && removed.some((element) => served.has(element));
      emptied = { root: target, atMs: performance.now(), hasLostItsOwn };
    }
  }).observe(document, { childList: true, subtree: true });

  return {
    noteUncaught: (error) => {
      uncaught.push({ ...error, atMs: performance.now() });
      if (uncaught.length > MOST_ERRORS_KEPT) uncaught.shift();
    },
    hasShownAnything: () => {
      hasShown ||= showsAnything() || hasBackground() || hasRendered();
      return hasShown;
    },
    loss: () => {
      if (emptied === null || !isBare(emptied.root) || showsAnything()) return null;
      const { atMs, hasLostItsOwn } = emptied;
      const near = uncaught.filter((error) => Math.abs(error.atMs - atMs) <= SAME_MOMENT_MS);
      const culprit = near.find(({ cause }) => cause === 'exception') ?? near[0];
      if (culprit) return { cause: culprit.cause, error: culprit.error };
      return hasLostItsOwn ? { cause: 'removed', error: null } : null;
    },
  };
}

/** Whether nothing is left in an element, or in the document, that could show something. */
function isBare(root: Node): boolean {
  if (root === document) return document.body === null;
  return ![...(root as Element).children].some((child) => !child.matches(SHOWS_NOTHING));
}

/** Whether there is text or media to be seen. A background does not count: it stays when an app is taken down. */
function showsAnything(): boolean {
  const { body } = document;
  if (body === null) return false;
  return [...body.querySelectorAll(MEDIA)].some(isSeen) || body.innerText.trim() !== '';
}

function isSeen(element: Element): boolean {
  const { width, height } = element.getBoundingClientRect();
  return width > 0 && height > 0 && element.checkVisibility();
}

/** Whether there is more than the empty elements into which apps render. */
function hasRendered(): boolean {
  return document.body?.querySelector(`:scope > :not(${SHOWS_NOTHING}) :not(${SHOWS_NOTHING})`) != null;
}

function hasBackground(): boolean {
  return [...document.querySelectorAll('*')].some(
    (element) => getComputedStyle(element).backgroundImage !== 'none',
  );
}
