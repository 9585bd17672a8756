import { X509Certificate, verify } from 'node:crypto';
import { checkStatement, isSameStatement, SIGNATURE, type Statement, type XapiVersion } from '#protocol/xapi/index';
import { WorkhallError } from '#protocol/errors';
import { parseJson } from './bodies.ts';
import { problems } from './problems.ts';

const ALGORITHMS: Readonly<Record<string, string>> = { RS256: 'RSA-SHA256', RS384: 'RSA-SHA384', RS512: 'RSA-SHA512' };

/**
 * Signed statements (1.0.3 Data 2.6): the attachment is a JWS whose payload is the statement as it was before it was
 * signed, and whose certificate, where it names one, made the signature. Trust in the certificate is the reader's.
 */
export function checkSignatures(
  statement: Statement,
  bytesOf: (sha2: string) => Buffer | undefined,
  version: XapiVersion,
): void {
  for (const attachment of statement.attachments ?? []) {
    if (attachment.usageType !== SIGNATURE) continue;
    if (attachment.contentType !== 'application/octet-stream')
      throw problems.badSignature('its content type must be application/octet-stream');
    const bytes = bytesOf(attachment.sha2);
    if (!bytes) throw problems.badSignature('its bytes must come with the statement');
    checkOne(bytes.toString('latin1'), statement, version);
  }
}

function checkOne(jws: string, statement: Statement, version: XapiVersion): void {
  const [header, payload, signature, ...rest] = jws.trim().split('.');
  if (!header || !payload || !signature || rest.length > 0) throw problems.badSignature('it is not a JWS');
  const { alg, x5c } = jsonOf(header, 'header') as { alg?: unknown; x5c?: unknown };
  const digest = ALGORITHMS[String(alg)];
  if (!digest) throw problems.badSignature('its algorithm must be RS256, RS384 or RS512');
  const said = jsonOf(payload, 'payload');
  const fault = checkStatement(said, version);
  if (fault) throw problems.badSignature(`its payload is no statement (${fault.path} ${fault.message})`);
  const unsigned = { ...statement, attachments: statement.attachments?.filter((one) => one.usageType !== SIGNATURE) };
  const signed = said as Statement;
  const before = { ...signed, attachments: signed.attachments?.filter((one) => one.usageType !== SIGNATURE) };
  if (!isSameStatement(unsigned as Statement, before as Statement))
    throw problems.badSignature('its payload is another statement');
  if (x5c === undefined) return;
  if (!Array.isArray(x5c) || typeof x5c[0] !== 'string') throw problems.badSignature('its x5c is no chain');
  let isMade: boolean;
  try {
    const { publicKey } = new X509Certificate(Buffer.from(x5c[0], 'base64'));
    isMade = verify(digest, Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(signature, 'base64url'));
  } catch (cause) {
    throw new WorkhallError('xapi', 'bad_signature', 'The certificate of a signature cannot be read.', { cause });
  }
  if (!isMade) throw problems.badSignature('its certificate did not make it');
}

function jsonOf(part: string, name: string): object {
  try {
    const value = parseJson(Buffer.from(part, 'base64url'));
    if (typeof value === 'object' && value !== null) return value;
  } catch (thrown) {
    if (!(thrown instanceof WorkhallError)) throw thrown;
  }
  throw problems.badSignature(`its ${name} is not JSON`);
}
