import { resolve } from 'node:path';
import { z } from 'zod';

/**
 * Every setting of the server, its environment variable and its default, in one place.
 *
 * The default host is the loopback address: a fresh checkout serves this machine only. `--lan` (or `HOST=0.0.0.0`
 * behind a proxy or in a container) opens it to the network.
 */
const flag = z
  .enum(['', '0', '1', 'false', 'true', 'no', 'yes', 'on', 'off'])
  .transform((word) => ['1', 'true', 'yes', 'on'].includes(word));
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean),
);
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' });
const port = z.coerce.number().int().min(0).max(65_535);

export const environmentSchema = z.object({
  PORT: port.default(2567),
  HOST: z.string().min(1).optional(),
  DATA_DIR: z.string().min(1).default('.data'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// URL' }).optional(),
  IPFS_API_URL: httpUrl.optional(),
  CHAIN_RPC_URL: httpUrl.optional(),
  CHAIN_DEPLOYER_KEY: z
    .string()
    .regex(/^0x[0-9a-fA-F]{64}$/, 'must be a 32-byte hex key that starts with 0x')
    .optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'must be a redis:// URL' }).optional(),
  PUBLIC_URL: httpUrl.transform((url) => url.replace(/\/+$/, '')).optional(),
  LAN: flag.default(false),
  TRUST_PROXY: flag.default(false),
  ALLOWED_ORIGINS: list.default([]),
  LOG_LEVEL: z.enum(['error', 'warn', 'log', 'debug', 'verbose']).default('log'),
  LOG_FORMAT: z.enum(['text', 'json']).default('text'),
  DEMO: flag.default(true),
  ROOM_MAX_PEOPLE: z.coerce.number().int().min(1).max(2000).default(1000),
});

export type Environment = z.output<typeof environmentSchema>;

export interface ConfigTree {
  /** TCP port; 0 lets the system choose. */
  readonly port: number;
  readonly host: string;
  /** Absolute path of the one folder that holds everything Workhall keeps. */
  readonly dataDir: string;
  readonly databaseUrl?: string;
  readonly ipfsApiUrl?: string;
  readonly chainRpcUrl?: string;
  /** Secret: never logged, never in a problem. */
  readonly chainDeployerKey?: string;
  readonly redisUrl?: string;
  /** What people type into their browser, without a trailing slash; unset means the address they came by. */
  readonly publicUrl?: string;
  /** HTTPS with a certificate made on this machine, on all interfaces. */
  readonly lan: boolean;
  /** A proxy in front of us sets X-Forwarded-*. */
  readonly trustProxy: boolean;
  /** Origins beside our own that may open sockets and call the API. */
  readonly allowedOrigins: readonly string[];
  readonly logLevel: Environment['LOG_LEVEL'];
  readonly logFormat: Environment['LOG_FORMAT'];
  /** Offer the demo project in a hall that is still empty. */
  readonly demo: boolean;
  /** People in one room at most. */
  readonly roomMaxPeople: number;
}

export function toTree(env: Environment): ConfigTree {
  return {
    port: env.PORT,
    host: env.HOST ?? (env.LAN ? '0.0.0.0' : '127.0.0.1'),
    dataDir: resolve(env.DATA_DIR),
    databaseUrl: env.DATABASE_URL,
    ipfsApiUrl: env.IPFS_API_URL,
    chainRpcUrl: env.CHAIN_RPC_URL,
    chainDeployerKey: env.CHAIN_DEPLOYER_KEY,
    redisUrl: env.REDIS_URL,
    publicUrl: env.PUBLIC_URL,
    lan: env.LAN,
    trustProxy: env.TRUST_PROXY,
    allowedOrigins: env.ALLOWED_ORIGINS,
    logLevel: env.LOG_LEVEL,
    logFormat: env.LOG_FORMAT,
    demo: env.DEMO,
    roomMaxPeople: env.ROOM_MAX_PEOPLE,
  };
}
