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

const portRange = z
  .string()
  .regex(/^\d{1,5}-\d{1,5}$/, 'must be two UDP ports, such as 40000-40199')
  .transform((text) => text.split('-').map(Number) as [number, number])
  .refine(([from, to]) => from >= 1024 && from <= to && to <= 65_535, 'must go up, within 1024-65535');
const iceUrls = (scheme: RegExp, example: string) =>
  list.refine((urls) => urls.every((url) => scheme.test(url)), `must be a list such as ${example}`);

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
  PROCESS_NAME: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,32}$/, 'must be 1 to 32 letters, digits, - or _')
    .optional(),
  PROCESS_URL: httpUrl.transform((url) => url.replace(/\/+$/, '')).optional(),
  MASTER_KEY: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/, 'must be 32 bytes in hex')
    .optional(),
  PUBLIC_URL: httpUrl.transform((url) => url.replace(/\/+$/, '')).optional(),
  HALL_NAME: z.string().trim().min(1).max(80).default('Workhall'),
  LAN: flag.default(false),
  TRUST_PROXY: flag.default(false),
  ALLOWED_ORIGINS: list.default([]),
  LOG_LEVEL: z.enum(['error', 'warn', 'log', 'debug', 'verbose']).default('log'),
  LOG_FORMAT: z.enum(['text', 'json']).default('text'),
  DEMO: flag.default(true),
  ROOM_MAX_PEOPLE: z.coerce.number().int().min(1).max(2000).default(1000),
  VOICE: flag.default(true),
  VOICE_MAX_PEOPLE: z.coerce.number().int().min(2).max(200).default(50),
  VOICE_MESH_PEOPLE: z.coerce.number().int().min(2).max(12).default(6),
  VOICE_STUN_URLS: iceUrls(/^stuns?:[^\s]+$/, 'stun:stun.example.com:3478').default([]),
  VOICE_TURN_URLS: iceUrls(/^turns?:[^\s]+$/, 'turn:turn.example.com:3478').default([]),
  VOICE_TURN_SECRET: z.string().min(1).optional(),
  VOICE_RELAY_ONLY: flag.default(false),
  VOICE_UDP_PORTS: portRange.optional(),
  VOICE_ANNOUNCED_ADDRESS: z.ipv4('must be an IPv4 address').optional(),
  VOICE_FORWARDER_URL: httpUrl.transform((url) => url.replace(/\/+$/, '')).optional(),
  VOICE_FORWARDER_SECRET: z.string().min(16, 'must have at least 16 characters').optional(),
  MQTT_URL: z.url({ protocol: /^mqtts?$/, error: 'must be an mqtt:// or mqtts:// URL' }).optional(),
  MQTT_HOST: z.string().min(1).default('127.0.0.1'),
  MQTT_PORT: port.default(1883),
  XAPI_LRS_URL: httpUrl.transform((url) => url.replace(/\/+$/, '')).optional(),
  XAPI_LRS_KEY: z.string().default(''),
  XAPI_LRS_SECRET: z.string().default(''),
  XAPI_LRS_VERSION: z.enum(['1.0.3', '2.0.0']).default('1.0.3'),
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
  /** Set: this process is one of several that form one hall (docs/scale.md). */
  readonly redisUrl?: string;
  /** Of this process in the hall, as the proxy knows it; unset means a new one at each start. */
  readonly processName?: string;
  /** Where the other processes reach this one; unset means its first address and its port. */
  readonly processUrl?: string;
  /** Secret, hex: seals the keys kept for people; unset means the one in the data folder. */
  readonly masterKey?: string;
  /** What people type into their browser, without a trailing slash; unset means the address they came by. */
  readonly publicUrl?: string;
  /** Who issues certificates, as people read it on them: the company or the site. */
  readonly hallName: string;
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
  readonly voice: VoiceConfig;
  /** `url`: the company's broker (secret where it carries a password); else the hall's own, begun with the first tool. */
  readonly mqtt: { readonly url?: string; readonly host: string; readonly port: number };
  /** The company's LRS, which gets what the hall records too. */
  readonly lrs?: LrsConfig;
}

export interface LrsConfig {
  /** Its endpoint, without a trailing slash: `https://lrs.example.com/xapi`. */
  readonly url: string;
  /** HTTP Basic; the secret is never logged, never in a problem. */
  readonly key: string;
  readonly secret: string;
  readonly version: '1.0.3' | '2.0.0';
}

export interface VoiceConfig {
  readonly isOn: boolean;
  /** People in the voice of one room at most. */
  readonly maxPeople: number;
  /** Up to so many hear each other directly; with more the hall forwards. */
  readonly meshPeople: number;
  readonly stunUrls: readonly string[];
  readonly turnUrls: readonly string[];
  /** Shared with the TURN server. Secret: never logged, never in a problem. */
  readonly turnSecret?: string;
  /** Audio goes through TURN alone: people do not learn each other’s addresses. */
  readonly relayOnly: boolean;
  /** UDP ports of the forwarder; unset: any. */
  readonly udpPorts?: readonly [number, number];
  /** Where people reach the forwarder when that is not an address of its machine. */
  readonly announcedAddress?: string;
  /** A forwarder in another process; unset: a thread of the hall. */
  readonly forwarderUrl?: string;
  /** Secret, as above. */
  readonly forwarderSecret?: string;
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
    processName: env.PROCESS_NAME,
    processUrl: env.PROCESS_URL,
    masterKey: env.MASTER_KEY,
    publicUrl: env.PUBLIC_URL,
    hallName: env.HALL_NAME,
    lan: env.LAN,
    trustProxy: env.TRUST_PROXY,
    allowedOrigins: env.ALLOWED_ORIGINS,
    logLevel: env.LOG_LEVEL,
    logFormat: env.LOG_FORMAT,
    demo: env.DEMO,
    roomMaxPeople: env.ROOM_MAX_PEOPLE,
    voice: {
      isOn: env.VOICE,
      maxPeople: env.VOICE_MAX_PEOPLE,
      meshPeople: env.VOICE_MESH_PEOPLE,
      stunUrls: env.VOICE_STUN_URLS,
      turnUrls: env.VOICE_TURN_URLS,
      turnSecret: env.VOICE_TURN_SECRET,
      relayOnly: env.VOICE_RELAY_ONLY,
      udpPorts: env.VOICE_UDP_PORTS,
      announcedAddress: env.VOICE_ANNOUNCED_ADDRESS,
      forwarderUrl: env.VOICE_FORWARDER_URL,
      forwarderSecret: env.VOICE_FORWARDER_SECRET,
    },
    mqtt: { ...(env.MQTT_URL !== undefined && { url: env.MQTT_URL }), host: env.MQTT_HOST, port: env.MQTT_PORT },
    lrs: env.XAPI_LRS_URL
      ? { url: env.XAPI_LRS_URL, key: env.XAPI_LRS_KEY, secret: env.XAPI_LRS_SECRET, version: env.XAPI_LRS_VERSION }
      : undefined,
  };
}
