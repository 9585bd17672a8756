import { anyText, fail, fields, isObject, listOf, objectAt, oneOf, text, type Check } from './check.ts';
import { iri, isMailto, isSha1 } from './data-types.ts';

/** Agents and groups: 1.0.3 Data 2.4.2, IEEE 9274.1.1 4.2.2.1. */
export interface Account {
  readonly homePage: string;
  readonly name: string;
}
export interface Agent {
  readonly objectType?: 'Agent';
  readonly name?: string;
  readonly mbox?: string;
  readonly mbox_sha1sum?: string;
  readonly openid?: string;
  readonly account?: Account;
}
export interface Group extends Omit<Agent, 'objectType'> {
  readonly objectType: 'Group';
  readonly member?: readonly Agent[];
}
export type Actor = Agent | Group;

/** Exactly one of these says who it is. */
export const IDENTIFIERS = ['mbox', 'mbox_sha1sum', 'openid', 'account'] as const;

const account = fields({ homePage: iri, name: anyText }, ['homePage', 'name']);
const identified = {
  name: anyText,
  mbox: text(isMailto, 'an e-mail address as mailto:somebody@example.com'),
  mbox_sha1sum: text(isSha1, 'the sha-1 of a mailto IRI in 40 hex digits'),
  openid: iri,
  account,
};
const agentFields = fields({ objectType: oneOf('Agent'), ...identified });
const groupFields = fields({ objectType: oneOf('Group'), ...identified, member: listOf(agent, 0) }, ['objectType']);

function identifiersIn(value: object): number {
  return IDENTIFIERS.filter((name) => Object.hasOwn(value, name)).length;
}

export function agent(...[value, path, version]: Parameters<Check>): void {
  agentFields(value, path, version);
  const count = identifiersIn(objectAt(value, path));
  if (count !== 1) fail(path, `needs exactly one of ${IDENTIFIERS.join(', ')}; it has ${count}`);
}

export const group: Check = (value, path, version) => {
  groupFields(value, path, version);
  const object = objectAt(value, path);
  const count = identifiersIn(object);
  if (count > 1) fail(path, `may have one of ${IDENTIFIERS.join(', ')}; it has ${count}`);
  if (count === 0 && !Array.isArray(object['member'])) fail(path, 'of nobody in particular needs its members');
  if (count === 0 && (object['member'] as unknown[]).length === 0) fail(`${path}.member`, 'must not be empty');
};

export const actor: Check = (value, path, version) => {
  const isGroup = isObject(value) && value['objectType'] === 'Group';
  (isGroup ? group : agent)(value, path, version);
};

/** Who it is, as one text: the same for the same identifier whatever else is said. Null for an anonymous group. */
export function identityOf(who: Actor): string | null {
  if (who.mbox !== undefined) return `mbox ${who.mbox}`;
  if (who.mbox_sha1sum !== undefined) return `sha1 ${who.mbox_sha1sum.toLowerCase()}`;
  if (who.openid !== undefined) return `openid ${who.openid}`;
  return who.account ? `account ${who.account.homePage} ${who.account.name}` : null;
}

/** Members count as somebody the statement is about (1.0.3 Communication 2.1.3, filter `agent`). */
export function identitiesOf(who: Actor): string[] {
  const members = who.objectType === 'Group' ? (who.member ?? []).map(identityOf) : [];
  return [identityOf(who), ...members].filter((identity) => identity !== null);
}
