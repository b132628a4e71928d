/** The import rules of the house (docs/architecture.md), at error level. */
const feature =
  '^src/modules/(organizations|templates|specs|comments|reviews|compliance|audit|feed|webhooks|kafka|operations)/';
const infrastructure = '^src/modules/(event-store|http|auth|markdown)/';

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: ['\\.spec\\.ts$', '\\.d\\.ts$'] },
      to: {},
    },
    {
      name: 'languages-import-no-module',
      comment: 'commands/ and events/ are published languages: they know no behaviour.',
      severity: 'error',
      from: { path: '^src/(commands|events)/' },
      to: { path: '^src/modules/' },
    },
    {
      name: 'deciders-are-pure',
      comment: 'A decider knows commands, events, decider types and the pure Markdown functions (ADR 4); nothing else.',
      severity: 'error',
      from: { path: '\\.decider\\.ts$' },
      to: {
        pathNot: [
          '^src/(commands|events)/',
          '^src/modules/event-store/decider\\.ts$',
          '^src/modules/markdown/',
          '\\.decider\\.ts$',
          '^node:crypto$',
          '^crypto$',
        ],
      },
    },
    {
      name: 'markdown-is-pure',
      severity: 'error',
      from: { path: '^src/modules/markdown/', pathNot: '\\.(spec|view)\\.ts$' },
      to: { path: ['^src/modules/(?!markdown/)', '^node_modules/(@nestjs|typeorm|pg)/'] },
    },
    {
      name: 'infrastructure-imports-no-feature',
      severity: 'error',
      from: { path: infrastructure },
      to: { path: feature },
    },
    {
      name: 'features-do-not-import-features',
      comment: "A feature may read another feature's published view (*.queries, *.view), nothing else.",
      severity: 'error',
      from: { path: '^src/modules/([^/]+)/' },
      to: { path: feature, pathNot: ['^src/modules/$1/', '\\.(queries|view|module)\\.ts$'] },
    },
    {
      name: 'controllers-touch-no-table',
      severity: 'error',
      // Health asks the database for nothing but an answer.
      from: { path: '\\.controller\\.ts$', pathNot: 'health\\.controller' },
      to: {
        path: [
          'node_modules/(typeorm|pg)/',
          '\\.projection\\.ts$',
          '^src/modules/event-store/(database|event-store)\\.ts$',
        ],
      },
    },
    {
      name: 'no-dev-dependencies-at-run-time',
      severity: 'error',
      from: { path: '^(src|migrations)/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/@types/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
