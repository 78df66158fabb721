/**
 * Imports run one way: functions → {events, intake, api, runtime} → run → {fleet, guards, ledger, report, huawei}
 * → types, messages, settings, time, window, storm. `npm run check` fails on any that runs another way; docs/develop.md shows the picture.
 */
const FOUNDATION = '^lib/(types|messages|settings(-error)?|time|window|storm)\\.ts$';
/** The part that decides: no I/O, no clock, no dice. */
const PURE = '^lib/(guards/|run/(decide|follow|plan|rolling|sight|target|limits)\\.ts$)';

const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: {
    path: '^(lib|events|functions|local|deploy|console|cli|proofs|bench|scripts|test)/',
    pathNot: allowed,
  },
});

module.exports = {
  forbidden: [
    only('foundation', FOUNDATION, [FOUNDATION], 'what everything stands on knows nothing of the rest'),
    only('pure-core', PURE, [FOUNDATION, PURE], 'guards and deciding work on values alone'),
    {
      name: 'pure-core-no-io',
      comment: 'guards and deciding use no module of Node and no package',
      severity: 'error',
      from: { path: PURE },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-no-pkg', 'npm-optional'] },
    },
    only('huawei', '^lib/huawei/', [FOUNDATION, '^lib/huawei/'], 'the platform client stands alone'),
    only('ledger', '^lib/ledger/', [FOUNDATION, '^lib/ledger/'], 'the ledger stands alone'),
    only('report', '^lib/report/', [FOUNDATION, '^lib/report/'], 'reports are made of runs, which are types'),
    only('fleet', '^lib/fleet/', [FOUNDATION, '^lib/(fleet|huawei)/'], 'resolving asks CPH and nobody else'),
    only(
      'run',
      '^lib/run/',
      [FOUNDATION, '^lib/(run|fleet|guards|ledger|report|huawei)/'],
      'the engine does not know how an event came in',
    ),
    only(
      'api',
      '^lib/api/',
      [FOUNDATION, '^lib/(api|run|ledger|report)/', '^events/'],
      'routes ask the engine, the ledger and the reports, never the platform',
    ),
    only('events', '^events/', ['^lib/time\\.ts$', '^events/'], 'events are shapes and parsers'),
    only('intake', '^lib/intake/', [FOUNDATION, '^lib/intake/', '^events/'], 'intake is pure'),
    only('lib', '^lib/', ['^(lib|events)/'], 'nothing in lib knows who calls it'),
    only('functions', '^functions/', ['^(lib|events)/'], 'functions stand on lib and events alone'),
    only(
      'deploy',
      '^deploy/',
      ['^(lib|events|deploy)/'],
      'the plugin deploys functions, it does not load them',
    ),
    {
      name: 'proofs-stand-outside',
      comment: 'proofs drive the real code from outside; nothing but their tests knows them',
      severity: 'error',
      from: { path: '^(lib|events|functions|local|deploy|console|cli|bench|scripts)/' },
      to: { path: '^proofs/' },
    },
    only(
      'proofs',
      '^proofs/',
      ['^(proofs|lib|events|functions|local)/', '^test/support/redis\\.ts$'],
      'proofs need no other tool',
    ),
    {
      name: 'sdk-in-one-place',
      comment: "Huawei's signer is imported by lib/huawei/sign.ts alone",
      severity: 'error',
      from: { path: '^(lib|events|functions)/', pathNot: '^lib/huawei/sign\\.ts$' },
      to: { path: 'node_modules/@huaweicloud/' },
    },
    {
      name: 'time-zones-in-one-place',
      comment: 'the package for time zones is imported by lib/window.ts alone',
      severity: 'error',
      from: { path: '^(lib|events|functions)/', pathNot: '^lib/window\\.ts$' },
      to: { path: 'node_modules/temporal-polyfill/' },
    },
    {
      name: 'redis-in-one-place',
      comment:
        'ioredis is imported by lib/ledger/redis alone: it is bundled by itself and loaded when it is needed',
      severity: 'error',
      from: { path: '^(lib|events|functions)/', pathNot: '^lib/ledger/redis/' },
      to: { path: 'node_modules/ioredis/' },
    },
    {
      name: 'redis-loaded-late',
      comment: 'lib/ledger/redis is reached by import() alone',
      severity: 'error',
      from: { path: '^(lib|events|functions)/', pathNot: '^lib/ledger/redis/' },
      to: { path: '^lib/ledger/redis/', dynamic: false },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] },
  },
};
