/** The themes of the repository, by name. */
export const THEMES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(
    import.meta.glob<string>('../themes/*.css', { query: '?raw', import: 'default', eager: true }),
  ).map(([path, css]) => [path.replace(/^.*\/(.*)\.css$/, '$1'), css]),
);
