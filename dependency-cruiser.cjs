/**
 * The arrows between rooms: the single source of what may import what. ARCHITECTURE.md draws them; a new arrow changes both,
 * with its reason. `npm run check` enforces them.
 */
/** Room (folder under src, or a file) → rooms it may import. Every room may import itself. */
const rooms = {
  'core/shared': [],
  'core/schema': ['core/shared'],
  'core/graph': ['core/schema', 'core/shared'],
  // Which words need quotes is known where the grammar is made.
  'core/sql': ['core/grammar', 'core/schema', 'core/shared'],
  'core/grammar': ['core/shared'],
  'core/nl2sql': ['core/graph', 'core/sql', 'core/schema', 'core/grammar', 'core/shared'],
  'core/eval': ['core/graph', 'core/sql', 'core/schema', 'core/shared'],
  'core/presentation': ['core/graph', 'core/sql', 'core/schema', 'core/shared'],
  'core/language': ['core/graph', 'core/sql', 'core/schema', 'core/presentation', 'core/shared'],
  'core/questionTests': ['core/eval', 'core/sql', 'core/schema', 'core/shared'],
  protocol: ['core'],
  sqlite: ['core'],
  inference: ['protocol', 'core'],
  layout: ['protocol', 'core'],
  engine: ['sqlite', 'protocol', 'core'],
  cli: ['engine', 'protocol', 'core'],
  webview: ['protocol', 'core'],
  mcp: ['engine', 'core'],
  // Messages are shown in one place, so it needs the words of errors; nothing else of the engine.
  'host/platform': ['engine/words', 'core', 'protocol'],
  'host/services': ['host/platform', 'engine', 'core', 'protocol'],
  // The entry point wires the host; it reaches files only through the engine.
  'extension.ts': ['host', 'engine', 'core/shared'],
  'host/features': ['host/services', 'host/platform', 'engine', 'core', 'protocol'],
};

/** Package → the only places that may import it. */
const packages = {
  vscode: ['host', 'extension.ts'],
  '@vscode/sqlite3': ['sqlite'],
  'node-llama-cpp': ['inference'],
  graphology: ['core/graph'],
  'graphology-types': ['core/graph'],
  'sql-formatter': ['core/presentation'],
  '@dagrejs/dagre': ['layout'],
  echarts: ['webview/charts'],
  exceljs: ['engine/export'],
  'hyparquet-writer': ['engine/export'],
  'vscode-jsonrpc': ['protocol', 'inference', 'engine'],
  yaml: ['core/questionTests'],
  commander: ['cli'],
  '@modelcontextprotocol/sdk': ['mcp'],
  'cli-progress': ['cli'],
};

/** Files that are started, not imported: the extension, the command line, processes, threads and pages. */
const programs = 'src/(?:extension|cli/main|inference/main|layout/main|mcp/main|engine/export/main|webview/[^/]+/main)\\.ts';

/** Development packages whose code ships inside a bundle. */
const bundled = ['yaml', '@dagrejs/dagre', '@modelcontextprotocol/sdk', '@vscode/codicons', 'echarts', 'exceljs', 'hyparquet-writer'];

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
const inside = (places) =>
  `^src/(?:${places.map((place) => (place.endsWith('.ts') ? `${escape(place)}$` : `${escape(place)}/`)).join('|')})`;

const arrows = Object.entries(rooms).map(([room, targets]) => ({
  name: `arrows of ${room}`,
  comment: `${room} may import ${targets.join(', ') || 'nothing'} of the other rooms`,
  severity: 'error',
  from: { path: inside([room]) },
  to: { path: '^src/', pathNot: inside([room, ...targets]) },
}));

const walls = Object.entries(packages).map(([name, places]) => ({
  name: `${name} stays in ${places.join(', ')}`,
  severity: 'error',
  from: { path: '^src/', pathNot: inside(places) },
  to: { path: `^(?:node_modules/)?(?:@types/)?${escape(name)}(?:/|$)` },
}));

module.exports = {
  forbidden: [
    ...arrows,
    ...walls,
    { name: 'no cycles', severity: 'error', from: { path: '^src/' }, to: { circular: true } },
    {
      name: 'features do not import one another',
      severity: 'error',
      from: { path: '^src/host/features/([^/]+)/' },
      to: { path: '^src/host/features/', pathNot: '^src/host/features/$1/' },
    },
    {
      name: 'core and protocol are pure',
      comment: 'no Node modules; packages only as listed above',
      severity: 'error',
      from: { path: '^src/(?:core|protocol)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'the inference process is started as a file',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/inference/' },
      to: { path: '^src/inference/' },
    },
    {
      name: 'the layout thread is started as a file',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/layout/' },
      to: { path: '^src/layout/' },
    },
    {
      name: 'exports are written by a process of their own',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/engine/export/' },
      to: { path: '^src/engine/export/' },
    },
    {
      name: 'pages are loaded as files',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/webview/' },
      to: { path: '^src/webview/' },
    },
    {
      name: 'pages do not import one another',
      severity: 'error',
      from: { path: '^src/webview/([^/]+)/', pathNot: '^src/webview/shared/' },
      to: { path: '^src/webview/', pathNot: '^src/webview/(?:$1|shared)/' },
    },
    {
      name: 'no dead files',
      comment: 'every source file is reachable from a program, a script or a test',
      severity: 'error',
      from: { path: `^(?:${programs}|scripts/|test/)` },
      to: { path: '^src/', pathNot: `^(?:${programs}|src/webview/tsconfig\\.json)$`, reachable: false },
    },
    { name: 'everything resolves', severity: 'error', from: { path: '^src/' }, to: { couldNotResolve: true, pathNot: '^vscode$' } },
    {
      name: 'shipped code needs no development packages',
      comment: 'those that the bundles of their own hold are named here',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: `@types/|graphology-types|${bundled.join('|')}` },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
