import { createHash } from 'node:crypto';
import {
  checkStatement,
  inUtc,
  SIGNATURE,
  withLists,
  type Agent,
  type Statement,
  type XapiVersion,
} from '#protocol/xapi/index';
import { parseJson } from './bodies.ts';
import { boundaryOf, splitParts, type Part } from './multipart.ts';
import { problems } from './problems.ts';
import { checkSignatures } from './signatures.ts';
import type { IncomingStatement, StoredAttachment } from './statement.store.ts';

export const MAX_BODY_BYTES = 32 * 2 ** 20;
const MAX_JSON_BYTES = 8 * 2 ** 20;
const MAX_STATEMENTS = 2000;
const HASHES: Readonly<Record<number, string>> = { 56: 'sha224', 64: 'sha256', 96: 'sha384', 128: 'sha512' };

export interface Received {
  readonly statements: readonly Statement[];
  readonly isList: boolean;
  readonly attachments: readonly StoredAttachment[];
}

/** A body of statements, with attachments or without: parsed and checked, or a problem. */
export function receive(body: Buffer, contentType: string | undefined, version: XapiVersion): Received {
  const type = (contentType ?? '').split(';')[0]!.trim().toLowerCase();
  if (type === 'application/json') {
    if (body.length > MAX_JSON_BYTES) throw problems.tooLarge(MAX_JSON_BYTES);
    return checked(parseJson(body), [], version);
  }
  if (type !== 'multipart/mixed') throw problems.badBody('must be application/json or multipart/mixed');
  const boundary = boundaryOf(contentType!);
  if (boundary === null) throw problems.badBody('does not name its boundary');
  const [first, ...others] = splitParts(body, boundary);
  if (!first || !/^application\/json\b/i.test(first.headers.get('content-type') ?? ''))
    throw problems.badBody('must begin with the statements, as application/json');
  if (first.body.length > MAX_JSON_BYTES) throw problems.tooLarge(MAX_JSON_BYTES);
  return checked(parseJson(first.body), others.map(attachmentOf), version);
}

function attachmentOf({ headers, body }: Part): StoredAttachment {
  const sha2 = headers.get('x-experience-api-hash')?.toLowerCase();
  if (sha2 === undefined) throw problems.badAttachment('A part has no X-Experience-API-Hash.');
  if (headers.get('content-transfer-encoding')?.toLowerCase() !== 'binary')
    throw problems.badAttachment('A part does not say Content-Transfer-Encoding: binary.', { sha2 });
  const algorithm = HASHES[sha2.length];
  if (!algorithm || createHash(algorithm).update(body).digest('hex') !== sha2)
    throw problems.badAttachment('The bytes of a part do not have its X-Experience-API-Hash.', { sha2 });
  return { sha2, contentType: headers.get('content-type') ?? 'application/octet-stream', bytes: body };
}

function checked(value: unknown, attachments: readonly StoredAttachment[], version: XapiVersion): Received {
  const isList = Array.isArray(value);
  const list: readonly unknown[] = isList ? value : [value];
  if (list.length > MAX_STATEMENTS) throw problems.badBody(`has more than ${MAX_STATEMENTS} statements`);
  list.forEach((one, index) => {
    const fault = checkStatement(one, version, isList ? `statements[${index}]` : '');
    if (fault) throw problems.badStatement(fault);
  });
  const statements = list as readonly Statement[];
  const ids = statements.flatMap(({ id }) => (id === undefined ? [] : [id.toLowerCase()]));
  if (new Set(ids).size !== ids.length) throw problems.badBody('has the same statement id twice');

  const bytes = new Map(attachments.map((one) => [one.sha2, one.bytes]));
  const wanted = statements.flatMap((one) => [
    ...(one.attachments ?? []),
    ...(one.object.objectType === 'SubStatement' ? (one.object.attachments ?? []) : []),
  ]);
  for (const { sha2, fileUrl } of wanted)
    if (fileUrl === undefined && !bytes.has(sha2.toLowerCase()))
      throw problems.badAttachment('An attachment has neither a fileUrl nor a part with its bytes.', { sha2 });
  const named = new Set(wanted.map(({ sha2 }) => sha2.toLowerCase()));
  for (const { sha2 } of attachments)
    if (!named.has(sha2)) throw problems.badAttachment('A part belongs to no attachment.', { sha2 });
  for (const one of statements)
    if (one.attachments?.some(({ usageType }) => usageType === SIGNATURE))
      checkSignatures(one, (sha2) => bytes.get(sha2.toLowerCase()), version);
  return { statements, isList, attachments };
}

/** What the LRS adds (1.0.3 Data 2.3.1), but for the moment of storing, which is also that of a statement without one. */
export function completed(
  said: Statement,
  { id, authority, version }: { id: string; authority: Agent; version: XapiVersion },
): IncomingStatement {
  const { stored: _theirs, ...statement } = withLists(said);
  return {
    ...statement,
    id: (said.id ?? id).toLowerCase(),
    ...(said.timestamp === undefined ? {} : { timestamp: inUtc(said.timestamp) }),
    authority,
    version: said.version ?? (version === '1.0.3' ? '1.0.0' : '2.0.0'),
  };
}
