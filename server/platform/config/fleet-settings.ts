import { WorkhallError } from '#protocol/errors';
import type { ConfigTree } from './config.tree.ts';

/** A setting that several processes cannot do without, and why. */
export interface FleetGap {
  readonly setting: string;
  readonly why: string;
}

/** What lies in one process's data folder as long as these are not set; several processes must share it. */
const SHARED: readonly (FleetGap & { readonly isSet: (tree: ConfigTree) => boolean })[] = [
  {
    setting: 'DATABASE_URL',
    why: 'all processes write to one PostgreSQL; the embedded one belongs to one process',
    isSet: ({ databaseUrl }) => databaseUrl !== undefined,
  },
  {
    setting: 'IPFS_API_URL',
    why: 'a file brought in by one process must be there for all; the embedded node keeps it in one data folder',
    isSet: ({ ipfsApiUrl }) => ipfsApiUrl !== undefined,
  },
  {
    setting: 'CHAIN_RPC_URL',
    why: 'a token minted by one process must be there for all; the embedded chain lives in one data folder',
    isSet: ({ chainRpcUrl }) => chainRpcUrl !== undefined,
  },
  {
    setting: 'MASTER_KEY',
    why: 'a key sealed by one process must open for all; without it each makes its own in its data folder',
    isSet: ({ masterKey }) => masterKey !== undefined,
  },
];

/** Empty for a hall of one process, and for a process of several that has all it needs. */
export function fleetGaps(tree: ConfigTree): FleetGap[] {
  if (!tree.redisUrl) return [];
  const gaps: FleetGap[] = SHARED.filter(({ isSet }) => !isSet(tree));
  if (tree.lan)
    gaps.push({ setting: 'LAN=0', why: 'the certificate of --lan names one process; a proxy in front speaks HTTPS' });
  return gaps;
}

/** Throws `config.fleet_incomplete` before anything is opened. */
export function requireFleetSettings(tree: ConfigTree): void {
  const gaps = fleetGaps(tree);
  if (gaps.length === 0) return;
  const lines = gaps.map(({ setting, why }) => `  ${setting}: ${why}`);
  throw new WorkhallError(
    'config',
    'fleet_incomplete',
    `REDIS_URL makes this one of several processes of a hall, and they must share what is missing here:\n${lines.join('\n')}`,
    {
      facts: { settings: gaps.map(({ setting }) => setting) },
      next: 'Set them, the same for every process (docs/scale.md), or unset REDIS_URL for a hall of one process.',
      status: 500,
    },
  );
}
