// Who may import whom. `npm run check` fails where a file imports what it may not; each rule says why in its comment.

/** Rooms of worker/. A room is a folder; it does not know the other rooms, only the stories at worker/'s root join them. */
const ROOMS = [
  'admission',
  'api',
  'browser',
  'call',
  'capture',
  'client',
  'control',
  'deliveries',
  'egress',
  'events',
  'job',
  'lease',
  'metrics',
  'movie',
  'orphans',
  'outputs',
  'page',
  'recording',
  'records',
  'registry',
  'secrets',
  'storage',
  'studio',
  'tenants',
  'transcripts',
  'watch',
];

/** The rooms that may know another one all the same, and why. */
const CROSSINGS = [
  { from: 'client', to: 'job', reason: 'the client of the package is the caller’s side of the queue' },
  { from: 'job', to: 'control', reason: 'commands belong to running jobs, and a stop is one' },
  { from: 'job', to: 'events', reason: 'events are a job’s progress, delivered in order' },
  { from: 'job', to: 'lease', reason: 'a job runs where its lease is held' },
  { from: 'outputs', to: 'movie', reason: 'the files of an encoding hold the same movie' },
  { from: 'orphans', to: 'movie', reason: 'an unfinished file is read up to where it is complete' },
  { from: 'orphans', to: 'storage', reason: 'an unfinished file is finished as any other' },
  { from: 'orphans', to: 'recording', reason: 'a recording that nobody ends gets its result here' },
  { from: 'recording', to: 'outputs', reason: 'a recording ends with its outputs stored' },
  { from: 'recording', to: 'watch', reason: 'what the watch finds becomes a warning of the journal' },
  { from: 'recording', to: 'page', reason: 'a recording warns of the stylesheet that its page has loaded' },
  {
    from: 'studio',
    to: 'page',
    reason: 'the studio is served from the built layout app, whose folder page/ knows',
  },
];

/** As above, for types only: nothing is loaded, one room speaks in the words of the other. */
const TYPE_CROSSINGS = [
  { from: 'admission', to: 'job', reason: 'the gate has the form that the queue’s consumer asks for' },
  { from: 'api', to: 'deliveries', reason: 'the API says what is sent to whom, and the deliveries send it' },
  { from: 'api', to: 'registry', reason: 'the API shows the workers as they note themselves' },
  { from: 'browser', to: 'egress', reason: 'a browser has one way out, which is its guard' },
  { from: 'deliveries', to: 'egress', reason: 'webhooks are reached as the rules allow' },
  { from: 'storage', to: 'egress', reason: 'storages that a job names are reached as the rules allow' },
  { from: 'movie', to: 'storage', reason: 'a movie says what a storage writes at the end' },
  { from: 'orphans', to: 'records', reason: 'a record that tells of no end is an orphan' },
  { from: 'outputs', to: 'capture', reason: 'an output takes the bytes that the capture writes' },
  { from: 'outputs', to: 'storage', reason: 'an output is written into a sink' },
  { from: 'recording', to: 'events', reason: 'the journal publishes what it notes' },
  { from: 'recording', to: 'capture', reason: 'the result holds the figures of the capture' },
  { from: 'tenants', to: 'job', reason: 'seats have the form that the queue’s consumer asks for' },
  { from: 'transcripts', to: 'egress', reason: 'services are reached as the rules allow' },
  { from: 'transcripts', to: 'storage', reason: 'a transcript is written into a sink' },
  { from: 'watch', to: 'capture', reason: 'the watch judges the state of the capture' },
  { from: 'watch', to: 'page', reason: 'the watch judges what the tab shows' },
];

/** The stories: the only files at the root of worker/ that know rooms. */
const STORIES = [
  'careForOrphans',
  'openCall',
  'openCallAhead',
  'recordCall',
  'recordJob',
  'recordSegments',
  'resumeFiles',
  'serveApi',
  'startWorker',
  'transcribeRecording',
];

/** The client of the recording API, which runs in Node and in the page for people. */
const API_CLIENT = '^worker/client/api/';

/** Code that runs in Chromium, although its folder is in worker/. */
const IN_CHROMIUM = '^worker/(capture/(composer|recorder)|page/preload)/';

/** Pure libraries, which run in the layout app as well as in the worker. */
const LIBRARIES_OF_SHARED = [
  'zod',
  'fastest-levenshtein',
  'fast-deep-equal',
  '@csstools/[^/]+',
  'ipaddr\\.js',
];

/** Each library has its edge: these files and no others. `types` may import its types. */
const EDGES = [
  { library: 'bullmq', files: ['^worker/(job|control|client|cli|transcripts)/'] },
  { library: 'ioredis', files: ['^worker/(job|control|lease|records)/'], types: ['^worker/'] },
  {
    library: 'puppeteer',
    files: ['^worker/(browser|page|capture|cli)/'],
    types: ['^worker/watch/', '^worker/[^/]+$'],
  },
  { library: 'proxy-chain', files: ['^worker/egress/'] },
  { library: '@aws-sdk/(?!client-s[nq]s)[^/]+', files: ['^worker/storage/'] },
  { library: '@aws-sdk/client-s[nq]s', files: ['^worker/deliveries/'] },
  { library: 'age-encryption', files: ['^worker/storage/'] },
  { library: 'livekit-client', files: ['^layout-app/call/'] },
  { library: 'livekit-server-sdk', files: ['^worker/call/'] },
  { library: '@hono/[^/]+', files: ['^worker/api/'] },
  { library: 'hono', files: ['^worker/api/'] },
  { library: 'ws', files: ['^worker/api/'] },
  { library: 'eventsource-parser', files: ['^worker/client/api/'] },
  {
    library: 'jose',
    files: ['^worker/api/', '^worker/client/api/', '^worker/storage/gcs/', '^layout-app/console/'],
  },
  { library: '@bull-board/[^/]+', files: ['^worker/api/dashboard/'] },
  { library: '@tanstack/react-virtual', files: ['^layout-app/console/'] },
  { library: 'rate-limiter-flexible', files: ['^worker/api/'] },
  { library: 'pino', files: ['^worker/log\\.ts$'] },
  { library: 'prom-client', files: ['^worker/metrics/'] },
  { library: 'mediabunny', files: ['^worker/(capture|transcripts)/'] },
  { library: '@mediabunny/[^/]+', files: ['^worker/(capture|transcripts)/'] },
  { library: 'react(-dom)?', files: ['^layout-app/'] },
  { library: '@codemirror/[^/]+', files: ['^layout-app/studio/themeEditor/'] },
  { library: '@lezer/[^/]+', files: ['^layout-app/studio/themeEditor/'] },
];

/** Where programs begin: what none of them reaches is dead. */
const ENTRIES = [
  '^worker/main\\.ts$',
  '^worker/client/index\\.ts$',
  '^worker/client/api/index\\.ts$',
  '^worker/setup/main\\.mjs$',
  '^worker/capture/recorder/main\\.ts$',
  '^worker/capture/composer/page/composer\\.ts$',
  '^worker/capture/composer/compose/main\\.ts$',
  '^worker/capture/(composer|recorder)/kernel/kernel\\.ts$',
  '^worker/page/preload/preload\\.ts$',
  '^worker/page/preload/gate\\.ts$',
  '^layout-app/main\\.tsx$',
  '^layout-app/studio/main\\.tsx$',
  '^layout-app/console/main\\.tsx$',
];
/** What runs at build time, or only declares what the build makes. */
const BUILD_FILES = '(vite\\.config|kernel/(compileKernel|kernelPlugin)|\\.d)\\.ts$';

const inNodeModules = (library) => `(^|/)node_modules/${library}/`;

const layers = [
  {
    name: 'shared-is-pure',
    comment:
      'shared/ is what layout app and worker have in common: it knows neither of them, nor Node, nor the DOM.',
    from: { path: '^shared/' },
    to: { pathNot: ['^shared/', ...LIBRARIES_OF_SHARED.map(inNodeModules)] },
  },
  {
    name: 'layout-app-and-worker-are-strangers',
    comment:
      'The layout app runs in a tab and the worker in Node: all that they have in common is in shared/, and the client of the API, which runs in both.',
    from: { path: '^(layout-app|worker)/' },
    to: { path: '^(layout-app|worker)/', pathNot: ['^$1/', API_CLIENT] },
  },
  {
    name: 'api-client-runs-everywhere',
    comment:
      'A page loads the client of the API, too: it knows nothing of Node, of the worker or of the schemas that read requests.',
    from: { path: API_CLIENT },
    to: {
      pathNot: [
        API_CLIENT,
        ...['eventsource-parser', 'jose', 'p-retry'].map((name) => `(^|/)node_modules/${name}/`),
      ],
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'api-client-shares-types-alone',
    comment: 'See api-client-runs-everywhere.',
    from: { path: API_CLIENT },
    to: { path: '^worker/', pathNot: API_CLIENT, dependencyTypes: ['type-only'] },
  },
  {
    name: 'nothing-imports-test',
    comment: 'What is delivered does not hold tests.',
    from: { pathNot: '^test/' },
    to: { path: '^test/' },
  },
  {
    name: 'chromium-code-knows-no-node',
    comment:
      'The recorder page, the composer and the preload run in Chromium: there is no Node, and nothing of the worker. The composer encodes as the recorder does.',
    from: { path: IN_CHROMIUM, pathNot: BUILD_FILES },
    to: { path: '^worker/', pathNot: ['^worker/$1/', '^worker/capture/recorder/'] },
  },
  {
    name: 'chromium-code-has-no-node-modules',
    comment: 'See chromium-code-knows-no-node.',
    from: { path: `${IN_CHROMIUM}|^layout-app/`, pathNot: BUILD_FILES },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'node-knows-no-chromium-code',
    comment: 'What runs in Chromium is built by itself; the worker speaks to it in the messages of shared/.',
    from: { path: '^worker/', pathNot: IN_CHROMIUM },
    to: { path: IN_CHROMIUM },
  },
];

const openTo = (crossings, room) =>
  crossings.filter(({ from }) => from === room).map(({ to }) => `^worker/${to}/`);
const AT_THE_ROOT = '^worker/[^/]+$';

const rooms = ROOMS.flatMap((room) => {
  const open = [`^worker/${room}/`, AT_THE_ROOT, ...openTo(CROSSINGS, room)];
  return [
    {
      name: `${room}-knows-no-other-room`,
      comment: 'Rooms are joined by the stories at the root of worker/. An exception is a row in CROSSINGS.',
      from: { path: `^worker/${room}/` },
      to: { path: '^worker/', pathNot: open, dependencyTypesNot: ['type-only'] },
    },
    {
      name: `${room}-names-types-of-no-other-room`,
      comment:
        'Rooms are joined by the stories at the root of worker/. An exception is a row in TYPE_CROSSINGS.',
      from: { path: `^worker/${room}/` },
      to: {
        path: '^worker/',
        pathNot: [...open, ...openTo(TYPE_CROSSINGS, room)],
        dependencyTypes: ['type-only'],
      },
    },
  ];
});

const root = [
  {
    name: 'a-new-room-needs-rules',
    comment: 'A folder of worker/ that ROOMS does not name would be bound by nothing: add it there.',
    from: {},
    to: { path: '^worker/[^/]+/', pathNot: `^worker/(${[...ROOMS, 'cli', 'setup'].join('|')})/` },
  },
  {
    name: 'only-stories-join-rooms',
    comment: 'What is open to every room (log, cleanup, errors, settings) knows none.',
    from: { path: AT_THE_ROOT, pathNot: `^worker/(${[...STORIES, 'main'].join('|')})\\.ts$` },
    to: { path: '^worker/[^/]+/' },
  },
  {
    name: 'main-only-names-commands',
    comment: 'Each command is a file of cli/.',
    from: { path: '^worker/main\\.ts$' },
    to: { path: '^worker/[^/]+/', pathNot: '^worker/cli/' },
  },
  {
    name: 'rooms-know-no-story',
    comment: 'A story calls its rooms, never the other way round.',
    from: { path: '^worker/[^/]+/', pathNot: '^worker/cli/' },
    to: { path: `^worker/(${[...STORIES, 'main'].join('|')})\\.ts$` },
  },
  {
    name: 'rooms-are-given-their-settings',
    comment: 'The settings are read by the commands and handed on; a room may name their type.',
    from: { path: '^worker/[^/]+/', pathNot: '^worker/cli/' },
    to: { path: '^worker/workerConfig\\.ts$', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'setup-needs-no-packages',
    comment: 'The set-up runs before anything is installed or compiled.',
    from: { path: '^worker/setup/' },
    to: { pathNot: '^worker/setup/|^worker/browser/systemBrowsers\\.mjs$', dependencyTypesNot: ['core'] },
  },
];

const edges = EDGES.flatMap(({ library, files, types = [] }) => [
  {
    name: `edge-of-${library}`,
    comment: 'A library is imported at its edge alone, so that it can be replaced there. See EDGES.',
    from: { path: '^(shared|layout-app|worker)/', pathNot: files },
    to: { path: inNodeModules(library), dependencyTypesNot: ['type-only'] },
  },
  {
    name: `edge-of-${library}-types`,
    comment: 'As above, for types.',
    from: { path: '^(shared|layout-app|worker)/', pathNot: [...files, ...types] },
    to: { path: inNodeModules(library), dependencyTypes: ['type-only'] },
  },
]);

const everywhere = [
  {
    name: 'no-cycles',
    comment: 'Two files that need each other are one, or miss a third.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-dead-files',
    comment: 'A file that no program reaches is dead. A new program is a row in ENTRIES.',
    from: { path: ENTRIES },
    to: { path: '^(shared|layout-app|worker)/', pathNot: [...ENTRIES, BUILD_FILES], reachable: false },
  },
  {
    name: 'no-broken-imports',
    comment: 'What cannot be found cannot be judged. Vite knows what "?worker" means.',
    from: {},
    to: { couldNotResolve: true, pathNot: '[?]worker(&inline)?$|^virtual:kernel$' },
  },
  {
    name: 'run-time-needs-no-dev-dependency',
    comment: 'What Node runs is in the package; its dependencies must be there where it is installed.',
    from: { path: '^(shared|worker)/', pathNot: [IN_CHROMIUM, BUILD_FILES] },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
  },
];

module.exports = {
  forbidden: [...layers, ...root, ...rooms, ...edges, ...everywhere].map((rule) => ({
    severity: 'error',
    ...rule,
  })),
  options: {
    // Type-only imports are seen, and told apart from the others.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    preserveSymlinks: true,
    exclude: { path: '^test/(bench/page|pages|apps|expected)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
