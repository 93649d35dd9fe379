/**
 * Who may import whom (the map is in ARCHITECTURE.md). A rule names the folder that it protects; `npm test` runs them,
 * and scripts/checks/import-rules.test.ts proves that each of them can fail.
 */
const sfu = '^packages/sfu/src';
const web = '^packages/web/src';
const test = '[.]test[.]ts$';

/** Folders of the server that implement ports or are edges: none of them knows another. */
const sides = ['media', 'signalling', 'http', 'auth', 'cluster', 'store', 'recording'];

/** Server packages that exactly one folder may import. */
const owners = {
  mediasoup: 'media',
  'protoo-server': 'signalling',
  express: 'http',
  helmet: 'http',
  jose: 'auth',
};

const npm = (...names) => `node_modules/(${names.join('|')})(/|$)`;

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'A circle means that two files are one idea, or that one of them knows too much.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      comment: 'An import must lead somewhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: ['^(virtual:|#|~icons)', '[?](url|raw|worker|inline)$'] },
    },
    {
      name: 'protocol-stands-alone',
      comment: 'What both sides say depends on the schema library only.',
      severity: 'error',
      from: { path: '^packages/protocol/src', pathNot: test },
      to: { pathNot: ['^packages/protocol/src', npm('zod')] },
    },
    {
      name: 'web-knows-protocol-only',
      comment: 'web -> protocol <- sfu: the two sides share words, never code.',
      severity: 'error',
      from: { path: '^packages/web' },
      to: { path: ['^packages/sfu', '^test/', '^infra/', '^scripts/'] },
    },
    {
      name: 'sfu-knows-protocol-only',
      comment: 'web -> protocol <- sfu: the two sides share words, never code.',
      severity: 'error',
      from: { path: sfu },
      // Its tests may use test/support; that product code does not is the business of the rule below.
      to: { path: ['^packages/web', '^scripts/'] },
    },
    {
      name: 'nothing-imports-tests',
      comment: 'Product code must run without its tests.',
      severity: 'error',
      from: { pathNot: ['^test/', test] },
      to: { path: ['^test/', test] },
    },
    {
      name: 'lib-knows-no-domain',
      comment: 'lib/ holds tools that any program could use.',
      severity: 'error',
      from: { path: `${sfu}/lib`, pathNot: test },
      to: { path: '^packages/', pathNot: `${sfu}/lib` },
    },
    {
      name: 'room-is-pure',
      comment: 'The domain imports lib and protocol; the ports that it needs are its own.',
      severity: 'error',
      from: { path: `${sfu}/room`, pathNot: test },
      to: {
        path: ['^packages/', 'node_modules/'],
        pathNot: [`${sfu}/(room|lib)/`, `${sfu}/runtime[.]ts$`, '^packages/protocol/src'],
      },
    },
    {
      name: 'room-is-given-its-runtime',
      comment:
        'Clock and logger are handed in; the domain knows their types only, so that tests can replace them.',
      severity: 'error',
      from: { path: `${sfu}/room`, pathNot: test },
      to: { path: `${sfu}/runtime[.]ts$`, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'sides-do-not-know-each-other',
      comment: 'Media, edges and stores meet in app.ts; a side knows room, lib, auth and protocol.',
      severity: 'error',
      from: { path: `${sfu}/(${sides.join('|')})/`, pathNot: test },
      to: { path: `${sfu}/(${sides.filter((side) => side !== 'auth').join('|')})/`, pathNot: `${sfu}/$1/` },
    },
    {
      name: 'only-app-sees-everything',
      comment: 'app.ts is the composition root, main.ts starts it; nothing else may need them.',
      severity: 'error',
      from: { path: '^packages/', pathNot: [`${sfu}/(app|main)[.]ts$`, test] },
      to: { path: `${sfu}/(app|main)[.]ts$` },
    },
    ...Object.entries(owners).map(([name, folder]) => ({
      name: `${name}-in-${folder}`,
      comment: `${name} is imported by ${folder}/ only, so that it can be replaced there.`,
      severity: 'error',
      from: { path: sfu, pathNot: [`${sfu}/${folder}/`, test] },
      to: { path: npm(name) },
    })),
    {
      name: 'call-has-no-components',
      comment: 'call/ is headless: it knows stores, never what is on the screen.',
      severity: 'error',
      from: { path: `${web}/(call|stores)/`, pathNot: test },
      to: { path: [`${web}/(components|pages)/`, npm('@nuxt/ui', 'vue-router')] },
    },
    {
      name: 'media-libraries-in-call',
      comment: 'Components see plain data; sockets and mediasoup objects stay in call/.',
      severity: 'error',
      from: { path: web, pathNot: `${web}/call/` },
      to: { path: npm('mediasoup-client', 'protoo-client') },
    },
    {
      name: 'declared-packages-only',
      comment: 'A package that no package.json names can vanish with the next installation.',
      severity: 'error',
      from: { path: '^packages/', pathNot: test },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^packages/[^/]+/dist', '^test-output/'] },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.vue', '.mjs', '.js', '.d.ts', '.json', '.css'],
    },
  },
};
