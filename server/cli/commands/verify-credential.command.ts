import type { CertificateCheck, CertificateReport, CertificateVerdict } from '#protocol/credentials/verify';
import { LEVEL_NAMES } from '#protocol/credentials/index';
import { readConfig } from '../../platform/config/index.ts';
import type { HallCommand } from '../command.ts';
import { trustHall } from './verify.command.ts';

interface Options {
  hall?: string;
  issuer: string[];
  status?: string;
  ipfs?: string;
  offline?: boolean;
  json?: boolean;
  data?: string;
}

export const verifyCredentialCommand: HallCommand = {
  register: (program) => {
    program
      .command('verify-credential <file-or-url>')
      .description(
        'judge a certificate (JSON, or a PNG or SVG badge): who signed it, whether it is in time or was taken back, and whether its evidence is there. Ends with 0 when it is valid, 1 when it is not, 2 when something could not be found out',
      )
      .option('--issuer <did>', 'a key you trust; may be given again', (did, all: string[]) => [...all, did], [])
      .option('--hall <url>', 'a hall you trust: its key, its lists, its evidence')
      .option('--status <file>', 'a saved status list instead of the one of the hall')
      .option('--ipfs <url>', 'IPFS gateway for the evidence (default: the hall)')
      .option('--offline', 'ask nobody: signature, time, and a status list from a file')
      .option('-d, --data <folder>', 'data folder whose --lan certificate is trusted (DATA_DIR, default .data)')
      .option('--json', 'the report as JSON')
      .action(verifyCredential);
  },
};

const GOOD = new Set<CertificateVerdict>(['valid']);
const OPEN = new Set<CertificateVerdict>(['unknown_issuer', 'status_unknown']);

async function verifyCredential(place: string, options: Options): Promise<void> {
  trustHall(readConfig({ DATA_DIR: options.data }));
  const { verifyFrom } = await import('../../credentials/index.ts');
  const { issuer, hall, status, ipfs, offline } = options;
  const sources = { hall, issuers: issuer, statusFile: status, ipfs, isOffline: offline ?? false };
  const report = await verifyFrom(place, sources, Date.now());
  if (options.json) console.log(JSON.stringify(report, null, 2));
  else print(report);
  process.exitCode = GOOD.has(report.verdict) ? 0 : OPEN.has(report.verdict) ? 2 : 1;
}

const VERDICTS: Record<CertificateVerdict, string> = {
  valid: 'Valid.',
  unknown_issuer: 'Intact and in time, but signed by a key you did not say you trust (--issuer, --hall).',
  status_unknown: 'Intact and in time; whether it was taken back could not be found out.',
  revoked: 'Not valid: it was taken back.',
  expired: 'Not valid any more: it has expired.',
  not_yet: 'Not valid yet.',
  invalid: 'Not valid.',
};

function print({ verdict, certificate, checks }: CertificateReport): void {
  console.log('');
  if (certificate) {
    const { title, recipient, account, issuer, score, skills } = certificate;
    console.log(`${title}\n`);
    console.log(`  for        ${recipient ?? 'somebody it does not name'}`);
    if (account) console.log(`  account    ${account.name} at ${account.homePage}`);
    console.log(`  by         ${issuer.name ?? 'an issuer without a name'}${issuer.url ? `, ${issuer.url}` : ''}`);
    if (score) console.log(`  score      ${score.value}${score.max ? ` of ${score.max}` : ''}`);
    for (const skill of skills)
      console.log(`  skill      ${skill.code} ${skill.name}: level ${skill.level}, ${LEVEL_NAMES[skill.level]}`);
    console.log('');
  }
  const marks = { good: '✓', bad: '✗', open: '?', absent: '–' } as const;
  for (const check of checks) console.log(`  ${marks[check.outcome]} ${check.about.padEnd(10)} ${sentenceOf(check)}`);
  console.log(`\n${VERDICTS[verdict]}\n`);
}

const day = (atMs: unknown): string => (typeof atMs === 'number' ? new Date(atMs).toISOString().slice(0, 10) : '?');

function sentenceOf({ code, facts }: CertificateCheck): string {
  switch (code) {
    case 'form_open_badge':
      return 'an Open Badge 3.0';
    case 'form_not_a_certificate':
      return `not an Open Badge 3.0: ${facts['detail']}`;
    case 'signature_valid':
      return `every word is as it was signed by ${facts['did']}`;
    case 'signature_changed':
      return 'the words were changed after signing, or this key never signed them';
    case 'signature_unsupported':
      return `a kind of signature that Workhall does not judge: ${facts['detail']}`;
    case 'signature_unknown_context':
      return `it uses words of ${facts['url']}, which are not known here; nothing was fetched`;
    case 'signature_unreadable':
      return `it cannot be read: ${facts['detail']}`;
    case 'issuer_trusted':
      return `the key of ${facts['name']}`;
    case 'issuer_unknown':
      return `compare the key with what the issuer publishes: ${facts['did']}`;
    case 'issuer_not_signer':
      return `it names ${facts['issuer']} as its issuer, but ${facts['did']} signed it`;
    case 'period_valid':
      return `valid from ${day(facts['validFrom'])} until ${day(facts['validUntil'])}`;
    case 'period_unlimited':
      return `valid from ${day(facts['validFrom'])}, without an end`;
    case 'period_expired':
      return `expired on ${day(facts['validUntil'])}`;
    case 'period_not_yet':
      return `valid from ${day(facts['validFrom'])} only`;
    case 'status_good':
      return `not taken back, by the signed list of ${day(facts['asOf'])}`;
    case 'status_revoked':
      return `taken back${facts['at'] ? ` on ${day(facts['at'])}` : ''}${facts['reason'] ? ` (${String(facts['reason']).replaceAll('_', ' ')})` : ''}`;
    case 'status_none':
      return 'its issuer does not take certificates back';
    case 'status_unreachable':
      return `the list of what was taken back was not reached: ${facts['url']}`;
    case 'status_unsupported':
      return 'it can be taken back in a way that Workhall does not know';
    case 'status_list_bad':
      return `the list of what was taken back is no good: ${facts['detail']}`;
    case 'status_list_old':
      return `not taken back on ${day(facts['asOf'])}, but that list is out of date`;
    case 'evidence_journal':
      return `the run’s journal is there: ${facts['entries']} entries, every hash fits (${facts['cid']})`;
    case 'evidence_found':
      return `it is there, and its hash fits (${facts['cid']})`;
    case 'evidence_none':
      return 'it names none';
    case 'evidence_unreachable':
      return `it could not be fetched (${facts['cid']})`;
    case 'evidence_mismatch':
      return `block ${facts['cid']} is not what it should be`;
  }
}
