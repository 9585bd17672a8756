/**
 * The hall's HTTP interface, one method per route of `protocol/api`. Runs in the browser and in Node. Every failure
 * is a `WorkhallError` made from the server's problem, so a page shows one kind of error.
 */
import { z } from 'zod';
import * as wire from '#protocol/api/index';
import { ImportStatus } from '#protocol/assets/import-status';
import { WorkhallError, type Problem } from '#protocol/errors';
import { eventsOf } from './server-sent-events.ts';

export interface HallApiOptions {
  /** Origin of the hall, such as `http://localhost:2567`. */
  readonly hallUrl: string;
  /** Session token of the person, asked for at each request. */
  readonly token: () => string | null;
  /** The server no longer knows the token. */
  readonly onSignedOut?: () => void;
}

interface RequestOptions {
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** Instead of the current session. */
  readonly token?: string;
}

const Nothing = z.unknown();
const Problems = z.object({
  scope: z.string(),
  key: z.string(),
  facts: z.record(z.string(), z.any()).default({}),
  message: z.string(),
  next: z.string().optional(),
});

export class HallApi {
  constructor(private readonly options: HallApiOptions) {}

  get hallUrl(): string {
    return this.options.hallUrl;
  }

  // ---- who ----
  signInAsGuest = (name: string) => this.#send(wire.SignedIn, 'POST', '/session/guest', { body: { name } });
  walletChallenge = (address: string) =>
    this.#send(wire.WalletChallenge, 'POST', '/session/wallet/challenge', { body: { address } });
  signInWithWallet = (body: z.input<typeof wire.WalletSignIn>) =>
    this.#send(wire.SignedIn, 'POST', '/session/wallet', { body });
  /** Ends the given session: by then it may no longer be the current one. */
  endSession = (token: string) => this.#send(Nothing, 'DELETE', '/session', { token });
  me = (signal?: AbortSignal) => this.#send(wire.Me, 'GET', '/me', { signal });
  rename = (name: string) => this.#send(wire.Me, 'PATCH', '/me', { body: { name } });
  makeKey = () => this.#send(wire.Me, 'POST', '/me/key');
  exportKey = () => this.#send(wire.ExportedKey, 'GET', '/me/key');

  // ---- projects ----
  projects = (signal?: AbortSignal) => this.#send(wire.ProjectList, 'GET', '/projects', { signal });
  createProject = (body: z.input<typeof wire.ProjectNew>) => this.#send(wire.Project, 'POST', '/projects', { body });
  project = (id: string, signal?: AbortSignal) => this.#send(wire.Project, 'GET', `/projects/${id}`, { signal });
  updateProject = (id: string, body: z.input<typeof wire.ProjectPatch>) =>
    this.#send(wire.Project, 'PATCH', `/projects/${id}`, { body });
  invite = (id: string, role: z.input<typeof wire.InvitationNew>['role']) =>
    this.#send(wire.Invitation, 'POST', `/projects/${id}/invitations`, { body: { role } });
  acceptInvitation = (token: string) =>
    this.#send(wire.InvitationAccepted, 'POST', `/invitations/${encodeURIComponent(token)}/accept`);
  setMemberRole = (id: string, user: string, role: z.input<typeof wire.RolePatch>['role']) =>
    this.#send(wire.Project, 'PATCH', `/projects/${id}/members/${user}`, { body: { role } });
  /** In the demo alone. */
  tryOnRole = (id: string, role: z.input<typeof wire.MyDemoRolePut>['role']) =>
    this.#send(wire.Project, 'PUT', `/projects/${id}/my-role`, { body: { role } });
  /** A PNG or WebP of at most 2 MB. */
  storePicture = async (picture: Blob) =>
    this.#send(wire.PictureStored, 'POST', '/pictures', { body: { data: await base64Of(picture) } });

  // ---- rooms ----
  room = (id: string, signal?: AbortSignal) => this.#send(wire.RoomInfo, 'GET', `/rooms/${id}`, { signal });
  ticket = (room: string) => this.#send(wire.Ticket, 'POST', `/rooms/${room}/ticket`);
  /** dag-cbor bytes, see `protocol/document/snapshot`. */
  snapshot = (room: string, signal?: AbortSignal) => this.#bytes(`/rooms/${room}/snapshot`, signal);
  /** The same as it was after `length` entries. */
  snapshotAt = (room: string, length: number, signal?: AbortSignal) =>
    this.#bytes(`/rooms/${room}/snapshot?length=${length}`, signal);
  /** dag-cbor `{ from, blocks }`. */
  entries = (room: string, from: number, limit: number, signal?: AbortSignal) =>
    this.#bytes(`/rooms/${room}/entries?from=${from}&limit=${limit}`, signal);

  // ---- briefs ----
  openBrief = (project: string, body: z.input<typeof wire.BriefNew>) =>
    this.#send(wire.BriefOpened, 'POST', `/projects/${project}/briefs`, { body });
  brief = (id: string, signal?: AbortSignal) => this.#send(wire.BriefView, 'GET', `/briefs/${id}`, { signal });
  startSubmission = (brief: string, title: string) =>
    this.#send(wire.SubmissionStarted, 'POST', `/briefs/${brief}/submissions`, { body: { title } });
  handIn = (brief: string, submission: string, body: z.input<typeof wire.SubmissionHandIn>) =>
    this.#send(wire.BriefView, 'POST', `/briefs/${brief}/submissions/${submission}/hand-in`, { body });
  rate = (brief: string, submission: string, body: z.input<typeof wire.RatingNew>) =>
    this.#send(wire.BriefView, 'POST', `/briefs/${brief}/submissions/${submission}/ratings`, { body });
  withdraw = (brief: string, submission: string) =>
    this.#send(wire.BriefView, 'POST', `/briefs/${brief}/submissions/${submission}/withdraw`);
  previewAcceptance = (brief: string, submission: string, signal?: AbortSignal) =>
    this.#send(wire.AcceptancePreview, 'GET', `/briefs/${brief}/submissions/${submission}/acceptance/preview`, {
      signal,
    });
  acceptSubmission = (brief: string, submission: string) =>
    this.#send(wire.SubmissionAccepted, 'POST', `/briefs/${brief}/submissions/${submission}/accept`);

  // ---- files ----
  assetUrl = (cid: string): string => `${this.options.hallUrl}/api/assets/${cid}`;
  importStatus = (id: string, signal?: AbortSignal) => this.#send(ImportStatus, 'GET', `/imports/${id}`, { signal });
  cancelImport = (id: string) => this.#send(Nothing, 'DELETE', `/imports/${id}`);
  /** Each state of an import as it comes, until it is over. Read with fetch, because EventSource sends no token. */
  async *importEvents(id: string, signal?: AbortSignal): AsyncGenerator<ImportStatus> {
    const response = await this.#fetch('GET', `/imports/${id}/events`, { signal });
    for await (const event of eventsOf(response)) {
      const status = ImportStatus.safeParse(event);
      if (status.success) yield status.data;
    }
  }

  // ---- ownership ----
  publishRevision = (room: string, body: z.input<typeof wire.RevisionNew>) =>
    this.#send(wire.RevisionView, 'POST', `/rooms/${room}/revisions`, { body });
  /** What waits for my signature. */
  revisionsToSign = (signal?: AbortSignal) => this.#send(wire.RevisionsToSign, 'GET', '/revisions/to-sign', { signal });
  revision = (cid: string, signal?: AbortSignal) =>
    this.#send(wire.RevisionView, 'GET', `/revisions/${cid}`, { signal });
  revisionHistory = (cid: string, signal?: AbortSignal) =>
    this.#send(z.object({ lines: z.array(wire.HistoryLine) }), 'GET', `/revisions/${cid}/history`, { signal });
  signRevision = (cid: string, body: z.input<typeof wire.SignatureNew>) =>
    this.#send(wire.RevisionView, 'POST', `/revisions/${cid}/signatures`, { body });
  signRevisionWithServerKey = (cid: string) => this.#send(wire.RevisionView, 'POST', `/revisions/${cid}/sign`);
  mintRevision = (cid: string, signal?: AbortSignal) =>
    this.#send(wire.RevisionView, 'POST', `/revisions/${cid}/mint`, { signal });
  token = (tokenId: string, signal?: AbortSignal) =>
    this.#send(wire.RevisionView, 'GET', `/tokens/${encodeURIComponent(tokenId)}`, { signal });
  verifyToken = (tokenId: string, signal?: AbortSignal) =>
    this.#send(wire.VerifyReport, 'POST', `/tokens/${encodeURIComponent(tokenId)}/verify`, { signal });

  // ---- certificates ----
  certificateIssuer = (signal?: AbortSignal) =>
    this.#send(wire.CertificateIssuer, 'GET', '/credentials/issuer', { signal });
  certificate = (id: string, signal?: AbortSignal) =>
    this.#send(wire.CertificateView, 'GET', `/credentials/${id}`, { signal });
  myCertificates = (signal?: AbortSignal) => this.#send(wire.CertificateList, 'GET', '/me/credentials', { signal });
  /** The signed list, to be judged before it is believed. */
  statusList = (list: number): Promise<unknown> => this.#send(z.unknown(), 'GET', `/credentials/status/${list}`);
  skillsMatrix = (project: string, signal?: AbortSignal) =>
    this.#send(wire.SkillsMatrix, 'GET', `/projects/${project}/skills`, { signal });
  certify = (project: string, body: Omit<z.input<typeof wire.CertificateNew>, 'person'> & { person: string }) =>
    this.#send(wire.CertificateView, 'POST', `/projects/${project}/credentials`, { body });
  revokeCertificate = (id: string, body: z.input<typeof wire.CertificateRevocation>) =>
    this.#send(wire.CertificateView, 'POST', `/credentials/${id}/revoke`, { body });

  /** For features with an interface of their own: JSON there and back, problems as everywhere. */
  ask = <S extends z.ZodType>(answer: S, method: string, path: string, options: RequestOptions = {}) =>
    this.#send(answer, method, path, options);

  /** The same for answers that are bytes. */
  readBytes = (path: string, signal?: AbortSignal) => this.#bytes(path, signal);

  /** Headers that carry the session, for requests this class does not make itself (uploads with progress). */
  headers(): Record<string, string> {
    const token = this.options.token();
    return token ? { authorization: `Bearer ${token}` } : {};
  }

  url = (path: string): string => `${this.options.hallUrl}/api${path}`;

  async #send<S extends z.ZodType>(
    answer: S,
    method: string,
    path: string,
    options: RequestOptions = {},
  ): Promise<z.output<S>> {
    const response = await this.#fetch(method, path, options);
    const json: unknown = response.status === 204 ? {} : await response.json().catch(notJson);
    const parsed = answer.safeParse(json);
    if (parsed.success) return parsed.data;
    throw new WorkhallError('net', 'unreadable_answer', 'The hall answered in a way this page does not understand.', {
      facts: { path, issue: parsed.error.issues[0]?.path.join('.') ?? '' },
      next: 'Load the page again.',
      status: 502,
      cause: parsed.error,
    });
  }

  async #bytes(path: string, signal?: AbortSignal): Promise<Uint8Array> {
    const response = await this.#fetch('GET', path, { signal });
    return new Uint8Array(await response.arrayBuffer().catch(brokenOff));
  }

  async #fetch(method: string, path: string, { body, signal, token }: RequestOptions): Promise<Response> {
    const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : this.headers();
    if (body !== undefined) headers['content-type'] = 'application/json';
    const init: RequestInit = { method, headers };
    if (body !== undefined) init.body = JSON.stringify(body);
    if (signal) init.signal = signal;
    const response = await fetch(this.url(path), init).catch(brokenOff);
    if (response.ok) return response;
    if (response.status === 401 && headers['authorization'] && !token) this.options.onSignedOut?.();
    throw errorOf(response.status, await response.json().catch(() => undefined));
  }
}

/** No answer, or its end is missing: the line went, unless the page itself no longer wants it. */
function brokenOff(cause: unknown): never {
  if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
  throw unreachable(cause);
}

/** A whole answer that is no JSON is judged by whoever reads it. */
function notJson(cause: unknown): undefined {
  if (!(cause instanceof SyntaxError)) brokenOff(cause);
}

export function unreachable(cause?: unknown): WorkhallError {
  return new WorkhallError('net', 'unreachable', 'The hall cannot be reached. What you saved is safe there.', {
    next: 'Check the network connection, then try again.',
    status: 503,
    cause,
  });
}

/** The error for an answer that was not 2xx. */
export function errorOf(status: number, body: unknown): WorkhallError {
  const parsed = Problems.safeParse(body);
  if (!parsed.success)
    return new WorkhallError('http', `status_${status}`, `The hall answered with HTTP ${status}.`, {
      status,
      next: 'Try again in a moment.',
    });
  const { scope, key, message, facts, next } = parsed.data;
  return new WorkhallError(scope, key, message, {
    facts: facts as Problem['facts'],
    status,
    ...(next ? { next } : {}),
  });
}

async function base64Of(picture: Blob): Promise<string> {
  const bytes = new Uint8Array(await picture.arrayBuffer());
  let text = '';
  const SLICE = 0x8000; // arguments a call may have
  for (let at = 0; at < bytes.length; at += SLICE) text += String.fromCharCode(...bytes.subarray(at, at + SLICE));
  return btoa(text);
}
