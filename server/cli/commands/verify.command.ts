import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { WorkhallError } from '#protocol/errors';
import type { Report } from '#protocol/ownership/verify';
import { readConfig, type Config } from '../../platform/config/index.ts';
import type { HallCommand } from '../command.ts';

interface VerifyOptions {
  rpc?: string;
  ipfs?: string;
  contract?: string;
  hall?: string;
  data?: string;
  json?: boolean;
}

export const verifyCommand: HallCommand = {
  register: (program) => {
    program
      .command('verify <token>')
      .description('prove a design from its token: chain, every block, replay, shares, signatures')
      .option('--rpc <url>', 'JSON-RPC endpoint of the chain (default: the hall on this machine)')
      .option('--ipfs <url>', 'IPFS gateway (default: the hall on this machine)')
      .option('--contract <address>', 'contract of the token (default: what the hall says)')
      .option('--hall <url>', 'a running hall that serves chain and gateway')
      .option('-d, --data <folder>', 'data folder (DATA_DIR, default .data); read directly when no hall runs')
      .option('--json', 'the report as JSON')
      .action(verify);
  },
};

async function verify(token: string, options: VerifyOptions): Promise<void> {
  const startedAtMs = performance.now();
  const { report, from } = await prove(token, options);
  const tookMs = Math.round(performance.now() - startedAtMs);
  if (options.json) console.log(JSON.stringify({ tokenId: token, ...report, tookMs }, null, 2));
  else print(token, from, report, tookMs);
  process.exitCode = report.ok ? 0 : 1;
}

async function prove(token: string, options: VerifyOptions): Promise<{ report: Report; from: string }> {
  const config = readConfig({ DATA_DIR: options.data });
  const { askHall, verifyFromFolder, verifyOverNetwork } = await import('../../ownership/index.ts');
  trustHall(config);
  const { rpc, ipfs, contract } = options;
  if (rpc && ipfs && contract) {
    return { report: await verifyOverNetwork(token, { rpc, gateway: ipfs, contract }), from: `${rpc} and ${ipfs}` };
  }
  const url = options.hall ?? hallOf(config);
  const hall = await askHall(url);
  if (hall) {
    const endpoints = { rpc: rpc ?? hall.rpc, gateway: ipfs ?? url, contract: contract ?? hall.contract };
    return { report: await verifyOverNetwork(token, endpoints), from: url };
  }
  if (rpc || ipfs || options.hall) throw notEnough(url);
  return { report: await verifyFromFolder(token, config), from: config.tree.dataDir };
}

/** `--lan` serves HTTPS with a certificate of its own making; on this machine its authority can be read and trusted. */
export function trustHall({ tree }: Config): void {
  const authority = join(tree.dataDir, 'tls', 'ca.crt');
  if (existsSync(authority))
    setDefaultCACertificates([...getCACertificates('default'), readFileSync(authority, 'utf8')]);
}

/** The hall that has this data folder open, else where one usually is. */
export function hallOf({ tree }: Config): string {
  const notice = join(tree.dataDir, 'run', 'server.json');
  const port = tree.port || 2567;
  if (!existsSync(notice)) return `http://localhost:${port}`;
  return (JSON.parse(readFileSync(notice, 'utf8')) as { url: string }).url;
}

function print(token: string, from: string, { ok, manifest, checks }: Report, tookMs: number): void {
  console.log(`\nToken ${token}, read from ${from}`);
  if (manifest) console.log(`Manifest ${manifest}`);
  console.log('');
  for (const check of checks) {
    console.log(`  ${check.ok ? '✓' : '✗'} ${check.name.padEnd(20)} ${check.detail}`);
    if (!check.ok && check.cid && !check.detail.includes(check.cid))
      console.log(`    ${''.padEnd(20)} block ${check.cid}`);
  }
  const bad = checks.find((check) => !check.ok);
  const verdict = ok ? 'Verified.' : `Not verified: ${bad?.name}${bad?.cid ? `, block ${bad.cid}` : ''}.`;
  console.log(`\n${verdict} (${tookMs} ms)\n`);
}

const notEnough = (url: string): WorkhallError =>
  new WorkhallError('ownership', 'no_hall', `No hall answers at ${url}, so the missing addresses are not known.`, {
    next: 'Give --rpc, --ipfs and --contract together, or start the hall.',
    status: 404,
  });
