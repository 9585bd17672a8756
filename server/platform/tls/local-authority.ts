import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import type { Clock } from '../clock/index.ts';

/**
 * WebXR works on secure pages only, and a headset on the LAN cannot use `localhost`. So this machine becomes a small
 * certificate authority: a headset trusts `ca.crt` once, and the server's own certificate may follow every new address.
 * Apple devices refuse leaf certificates that live longer than 825 days; the authority lives ten years.
 */
const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 3_650;
const LEAF_DAYS = 397;
const RENEW_BEFORE_DAYS = 30;

export interface Identity {
  readonly key: string;
  /** The leaf, followed by the authority. */
  readonly cert: string;
  /** What a headset is asked to trust. */
  readonly authorityCert: string;
}

/** Names and addresses under which this machine can be reached. */
export function lanNames(): { hosts: string[]; addresses: string[] } {
  const addresses = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter((address) => !address.address.startsWith('fe80'))
    .map((address) => address.address);
  const host = hostname();
  return {
    hosts: [...new Set(['localhost', host, `${host}.local`])],
    addresses: [...new Set(['127.0.0.1', ...addresses])],
  };
}

export async function localIdentity(folder: string, clock: Clock): Promise<Identity> {
  const authority = await stored(folder, 'ca', () => makeAuthority(clock));
  const { hosts, addresses } = lanNames();
  const leafPath = join(folder, 'server');
  if (!isUsable(`${leafPath}.crt`, addresses, authority.cert, clock)) {
    store(leafPath, await makeLeaf(authority, hosts, addresses, clock));
  }
  const leaf = load(leafPath);
  return { key: leaf.key, cert: leaf.cert + authority.cert, authorityCert: authority.cert };
}

interface Pair {
  key: string;
  cert: string;
}

async function stored(folder: string, name: string, make: () => Promise<Pair>): Promise<Pair> {
  const path = join(folder, name);
  if (!existsSync(`${path}.crt`)) store(path, await make());
  return load(path);
}

function store(path: string, pair: Pair): void {
  writeFileSync(`${path}.key`, pair.key, { mode: 0o600 });
  writeFileSync(`${path}.crt`, pair.cert);
}

function load(path: string): Pair {
  return { key: readFileSync(`${path}.key`, 'utf8'), cert: readFileSync(`${path}.crt`, 'utf8') };
}

function isUsable(path: string, addresses: string[], authorityCert: string, clock: Clock): boolean {
  if (!existsSync(path)) return false;
  const leaf = new X509Certificate(readFileSync(path));
  const isFresh = Date.parse(leaf.validTo) - clock.nowMs() > RENEW_BEFORE_DAYS * DAY_MS;
  const isOurs = leaf.verify(new X509Certificate(authorityCert).publicKey);
  return isFresh && isOurs && addresses.every((address) => leaf.checkIP(address) !== undefined);
}

function validity(days: number, clock: Clock): { notBeforeDate: Date; notAfterDate: Date } {
  const nowMs = clock.nowMs();
  // A day back, because the clock of a headset that was off for a while is often behind.
  return { notBeforeDate: new Date(nowMs - DAY_MS), notAfterDate: new Date(nowMs + days * DAY_MS) };
}

async function makeAuthority(clock: Clock): Promise<Pair> {
  const made = await generate([{ name: 'commonName', value: `Workhall on ${hostname()}` }], {
    ...validity(AUTHORITY_DAYS, clock),
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { key: pem(made.private), cert: pem(made.cert) };
}

async function makeLeaf(authority: Pair, hosts: string[], addresses: string[], clock: Clock): Promise<Pair> {
  const made = await generate([{ name: 'commonName', value: hostname() }], {
    ...validity(LEAF_DAYS, clock),
    keyType: 'ec',
    algorithm: 'sha256',
    ca: authority,
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          ...hosts.map((value) => ({ type: 2 as const, value })),
          ...addresses.map((ip) => ({ type: 7 as const, ip })),
        ],
      },
    ],
  });
  return { key: pem(made.private), cert: pem(made.cert) };
}

function pem(text: string): string {
  return `${text.replace(/\r\n/g, '\n').trim()}\n`;
}
