import { WorkhallError } from '#protocol/errors';
import type { Fault } from '#protocol/xapi/index';

const scope = 'xapi';

/** Everything an xAPI client can do wrong, with the status that the standard names (1.0.3 Communication 3.2). */
export const problems = {
  notAuthorised: () =>
    new WorkhallError(scope, 'not_authorised', 'This needs the key of an xAPI client.', {
      next: 'Send it as HTTP Basic: the key is the user name, its secret the password. An owner makes keys in the project.',
      status: 401,
    }),
  outOfScope: (needed: string, scopes: readonly string[]) =>
    new WorkhallError(scope, 'out_of_scope', `This key may not do that: it needs "${needed}".`, {
      facts: { needed, scopes },
      next: 'Use a key that was made with this scope.',
      status: 403,
    }),
  noVersion: (found: string | undefined) =>
    new WorkhallError(
      scope,
      'version_unknown',
      found === undefined
        ? 'The request does not say which xAPI version it speaks.'
        : `This hall does not speak xAPI "${found}".`,
      { facts: { found: found ?? null }, next: 'Send X-Experience-API-Version: 1.0.3 or 2.0.0.' },
    ),
  noAlternate: () =>
    new WorkhallError(scope, 'no_alternate_syntax', 'xAPI 2.0 has no alternate request syntax.', {
      next: 'Send the request with its own method and headers.',
    }),
  badAlternate: (why: string) =>
    new WorkhallError(scope, 'bad_alternate_syntax', `This is not the alternate request syntax: ${why}.`, {
      next: 'Put everything but `method` into the form, the body as `content` (xAPI 1.0.3, Communication 1.3).',
    }),
  wrongMethod: (method: string) =>
    new WorkhallError(scope, 'wrong_method', `${method} is not possible here.`, { facts: { method }, status: 405 }),
  unknownParameter: (name: string) =>
    new WorkhallError(scope, 'unknown_parameter', `The parameter "${name}" is not known here.`, {
      facts: { parameter: name },
      next: 'Parameters are spelled as in the standard, capitals included.',
    }),
  badParameter: (name: string, why: string) =>
    new WorkhallError(scope, 'bad_parameter', `The parameter "${name}" ${why}.`, { facts: { parameter: name } }),
  badStatement: ({ path, message }: Fault) =>
    new WorkhallError(
      scope,
      'bad_statement',
      `${path === '' ? 'The statement' : path} ${message}. Nothing was stored.`,
      {
        facts: { path },
        next: 'Correct it and send the whole request again.',
      },
    ),
  badBody: (why: string) =>
    new WorkhallError(scope, 'bad_body', `The body ${why}. Nothing was stored.`, { facts: { why } }),
  badAttachment: (why: string, facts: Record<string, string> = {}) =>
    new WorkhallError(scope, 'bad_attachment', `${why} Nothing was stored.`, { facts }),
  badSignature: (why: string) =>
    new WorkhallError(
      scope,
      'bad_signature',
      `The signature of a statement cannot be taken: ${why}. Nothing was stored.`,
    ),
  tooLarge: (limit: number) =>
    new WorkhallError(scope, 'too_large', `The body is larger than ${limit} bytes. Nothing was stored.`, {
      facts: { limit },
      next: 'Send it in several requests.',
      status: 413,
    }),
  busy: () =>
    new WorkhallError(scope, 'busy', 'Too much is being sent at this moment. Nothing of this was stored.', {
      next: 'Send it again in a few seconds.',
      status: 503,
    }),
  noStatement: (id: string) =>
    new WorkhallError(scope, 'no_statement', 'There is no such statement.', { facts: { id }, status: 404 }),
  conflict: (id: string) =>
    new WorkhallError(scope, 'statement_differs', `Another statement is stored as ${id}. Nothing was stored.`, {
      facts: { id },
      next: 'Give the new one an id of its own.',
      status: 409,
    }),
  mayNotVoid: (id: string) =>
    new WorkhallError(scope, 'may_not_void', 'This key may void only what it stored itself.', {
      facts: { id },
      next: 'Use a key with the scope "all".',
      status: 403,
    }),
  noDocument: () => new WorkhallError(scope, 'no_document', 'There is no such document.', { status: 404 }),
  preconditionNeeded: (status: 400 | 409) =>
    new WorkhallError(
      scope,
      'precondition_needed',
      status === 409
        ? 'This document exists already, and the request does not say which version of it is to be replaced.'
        : 'The request does not say what it replaces.',
      {
        next: 'Read the document and send If-Match with its ETag, or If-None-Match: * to write only where nothing is.',
        status,
      },
    ),
  preconditionFailed: (etag: string | null) =>
    new WorkhallError(scope, 'precondition_failed', 'The document is not in the state that the request expects.', {
      facts: { etag },
      next: 'Read it again, merge, and send it with the new ETag.',
      status: 412,
    }),
  cannotMerge: (why: string) =>
    new WorkhallError(scope, 'cannot_merge', `The documents cannot be merged: ${why}. Nothing was changed.`, {
      next: 'Use PUT to replace it.',
    }),
  noKey: (id: string) =>
    new WorkhallError(scope, 'no_key', 'There is no such xAPI key here.', { facts: { key: id }, status: 404 }),
  notOwner: () =>
    new WorkhallError(scope, 'not_owner', 'Only owners of the project handle its xAPI keys.', {
      next: 'Ask an owner.',
      status: 403,
    }),
};
