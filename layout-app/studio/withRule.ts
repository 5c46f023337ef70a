/** A theme with one more rule at its end, empty so far, and the offset inside it at which to write. */
export function withRule(css: string, className: string): { readonly css: string; readonly at: number } {
  const longer = `${css.trimEnd()}\n\n.${className} {\n  \n}\n`.trimStart();
  return { css: longer, at: longer.length - '\n}\n'.length };
}
