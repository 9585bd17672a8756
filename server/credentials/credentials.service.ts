import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type {
  CertificateIssuer,
  CertificateList,
  CertificateNew,
  CertificateView,
  SkillsMatrix,
} from '#protocol/api/credentials';
import {
  skillsOf,
  type Achievement,
  type HolderAccount,
  type RevocationReason,
  type Score,
  type Skill,
} from '#protocol/credentials/index';
import { issueCertificate } from '#protocol/credentials/issue';
import { uuidUrnOf } from '#protocol/credentials/uuid';
import { ProjectId, UserId } from '#protocol/ids';
import { decide, DemoRole, may, type Action, type Role } from '#protocol/permissions/index';
import { AssetStore } from '../assets/index.ts';
import { Memberships, Projects } from '../design/index.ts';
import { People, type Person } from '../identity/index.ts';
import { Clock, Ids } from '../platform/clock/index.ts';
import { CredentialStore, type CertificateRow } from './credential.store.ts';
import { HallAddress } from './hall-address.ts';
import { HolderAccounts } from './holder-accounts.ts';
import { IssuerKey } from './issuer-key.ts';
import { problems } from './problems.ts';

/** What another domain (a passed run) or an instructor asks to be certified. */
export interface CertificateRequest {
  /** Of the run: asking twice for the same occasion gives the same certificate. */
  readonly occasion?: string;
  readonly project: string;
  /** Person id. */
  readonly recipient: string;
  readonly achievement: Achievement;
  readonly skills: readonly Skill[];
  readonly score?: Score;
  /** CID of the run's journal; its blocks are in the asset store already and are pinned here. */
  readonly evidenceCid?: string;
  /** Milliseconds since 1970; null: does not expire. */
  readonly validUntil: number | null;
  /** Person id; absent when the hall itself found that a run was passed. */
  readonly issuedBy?: string;
}

/** Certificates: issued, listed, taken back, and the matrix they add up to. */
@Injectable()
export class Credentials {
  constructor(
    private readonly store: CredentialStore,
    private readonly key: IssuerKey,
    private readonly address: HallAddress,
    private readonly people: People,
    private readonly accounts: HolderAccounts,
    private readonly projects: Projects,
    private readonly memberships: Memberships,
    private readonly assets: AssetStore,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Returns the certificate's id. Throws `credentials.evidence_missing`, `expires_in_the_past`. */
  async issue(request: CertificateRequest): Promise<string> {
    const { occasion, achievement, score, evidenceCid, validUntil } = request;
    const before = occasion && (await this.store.ofOccasion(occasion));
    if (before) return before.summary.id;
    const nowMs = this.clock.nowMs();
    if (validUntil !== null && validUntil <= nowMs) throw problems.expiresInThePast(validUntil);
    if (evidenceCid) await this.keep(evidenceCid);
    const [recipient, account, signer] = await Promise.all([
      this.people.get(request.recipient),
      this.accounts.of(request.recipient),
      this.key.signer(),
    ]);
    const urn = uuidUrnOf(`certificate ${this.ids.next()}`);
    const id = urn.slice('urn:uuid:'.length);
    const row = {
      id,
      project: request.project,
      person: recipient.id,
      title: achievement.name,
      recipient: recipient.name,
      occasion: occasion ?? null,
      skills: request.skills,
      evidence: evidenceCid ?? null,
      valid_from: new Date(seconds(nowMs)),
      valid_until: validUntil === null ? null : new Date(seconds(validUntil)),
      issued_by: request.issuedBy ?? null,
      issued_at: new Date(nowMs),
    };
    const { publicUrl, url } = this.address;
    const make = async (status: { url: string; index: number }): Promise<string> => {
      const issuer = { did: signer.did, name: this.key.name, ...(publicUrl && { url: publicUrl }) };
      const evidence = evidenceCid && {
        cid: evidenceCid,
        name: 'Journal of the run',
        narrative: account ? `${EVIDENCE} ${vouchedBy(account)}` : EVIDENCE,
      };
      const certificate = await issueCertificate(
        {
          id: urn,
          issuer,
          recipient: { id: recipient.id, name: recipient.name, ...(account && { account }) },
          achievement,
          skills: request.skills,
          ...(score && { score }),
          ...(evidence && { evidence }),
          validFrom: nowMs,
          validUntil,
          status,
        },
        { privateKey: signer.privateKey, atMs: nowMs },
      );
      return JSON.stringify(certificate);
    };
    const isNew = await this.store.add(row, signer.did, (list) => `${url}/api/credentials/status/${list}`, make);
    return isNew ? id : (await this.store.ofOccasion(occasion!))!.summary.id;
  }

  /** By hand, after an assessment on the job. */
  async issueByHand(project: ProjectId, by: Person, body: z.output<typeof CertificateNew>): Promise<CertificateView> {
    await this.require(project, by, 'credential.issue');
    if (body.person === by.id) throw problems.oneself();
    if ((await this.memberships.roleIn(project, body.person)) === null) throw problems.recipientNotAMember(body.person);
    // The same words in the same project are the same achievement, whoever earns it.
    const id = uuidUrnOf(JSON.stringify([project, body.achievement]));
    const issued = await this.issue({
      project,
      recipient: body.person,
      achievement: { id, ...body.achievement },
      skills: body.skills,
      ...(body.score && { score: body.score }),
      ...(body.evidence && { evidenceCid: body.evidence }),
      validUntil: body.validUntil,
      issuedBy: by.id,
    });
    return this.view(issued, by);
  }

  async issuer(): Promise<CertificateIssuer> {
    const [{ did }, formerDids] = await Promise.all([this.key.signer(), this.key.formerDids()]);
    return { did, name: this.key.name, formerDids };
  }

  /** `viewer` null: somebody with the link. */
  async view(id: string, viewer: Person | null): Promise<CertificateView> {
    const row = await this.get(id);
    const role = viewer && (await this.roleIn(row.project, viewer.id));
    const mayRevoke = role !== null && viewer?.id !== row.person && may(role, 'credential.revoke');
    return {
      ...row.summary,
      document: JSON.parse(row.document) as Record<string, unknown>,
      project: role === null ? null : { id: row.project, title: (await this.projects.get(row.project)).title },
      mayRevoke: mayRevoke && row.summary.revoked === null,
      revocationNote: mayRevoke ? row.revocationNote : null,
    };
  }

  /** Throws `credentials.no_such_certificate`. */
  async get(id: string): Promise<CertificateRow> {
    const row = await this.store.find(id);
    if (!row) throw problems.noSuchCertificate(id);
    return row;
  }

  async ofPerson(person: string): Promise<z.output<typeof CertificateList>> {
    return { certificates: (await this.store.ofPerson(person)).map(({ summary }) => summary) };
  }

  async revoke(id: string, by: Person, reason: RevocationReason, note: string): Promise<CertificateView> {
    const row = await this.get(id);
    await this.require(row.project, by, 'credential.revoke');
    if (row.person === by.id) throw problems.oneself();
    const isDone = await this.store.revoke(id, by.id, new Date(this.clock.nowMs()), reason, note);
    if (!isDone) throw problems.alreadyRevoked(id);
    return this.view(id, by);
  }

  /** The whole project for those who may see it, one's own row for every other member. */
  async matrix(project: ProjectId, viewer: Person): Promise<SkillsMatrix> {
    const role = await this.roleIn(project, viewer.id);
    if (!role) throw problems.notAMember(project);
    const isWhole = may(role, 'credential.list');
    const [rows, members] = await Promise.all([
      this.store.ofProject(project, isWhole ? undefined : viewer.id),
      this.memberships.list(project),
    ]);
    const held = new Map<string, CertificateRow[]>();
    for (const row of rows) held.set(row.person, [...(held.get(row.person) ?? []), row]);
    const shown = isWhole ? new Set([...members.map(({ user }) => user as string), ...held.keys()]) : [viewer.id];
    const names = await this.people.namesOf([...shown]);
    const nowMs = this.clock.nowMs();
    const people = [...shown].map((user) => ({
      user: UserId.parse(user),
      name: names.get(user) ?? held.get(user)?.[0]?.summary.recipient ?? '?',
      skills: skillsOf((held.get(user) ?? []).map(asHeld), nowMs),
    }));
    people.sort((a, b) => a.name.localeCompare(b.name));
    return { people, isWhole, mayIssue: may(role, 'credential.issue') };
  }

  /**
   * In the demo everybody is a designer, and tries other roles on; certifying in the hall's name, and seeing what others can
   * do, is for those whom an owner gave a role.
   */
  private async roleIn(project: ProjectId, person: UserId): Promise<Role | null> {
    const role = await this.memberships.roleIn(project, person);
    if (role === null || !(await this.projects.get(project)).isDemo) return role;
    const member = (await this.memberships.list(project)).find(({ user }) => user === person);
    return member && !DemoRole.safeParse(member.role).success ? member.role : 'observer';
  }

  private async require(project: ProjectId, person: Person, action: Action): Promise<void> {
    const role = await this.roleIn(project, person.id);
    if (!role) throw problems.notAMember(project);
    const denied = decide(role, action, { own: false, held: 'nobody', room: 'open' });
    if (denied) throw problems.refused(denied);
  }

  /** A certificate must not point at what a later clean-up takes away. */
  private async keep(cid: string): Promise<void> {
    if (!(await this.assets.has(cid))) throw problems.evidenceMissing(cid);
    await this.assets.pin(cid);
  }
}

const EVIDENCE =
  'Every step as it was done, in a hash-chained journal on IPFS: fetch it by this address, hash every entry, and replay it to compute the score again.';

/** The hall saw the run; who sat there it knows from the launch alone. */
const vouchedBy = ({ homePage, name }: HolderAccount): string =>
  `The holder came in by a launch of ${homePage}, which names them ${name}.`;

/** Certificates say whole seconds. */
const seconds = (atMs: number): number => Math.floor(atMs / 1000) * 1000;

const asHeld = ({ summary }: CertificateRow) => ({ ...summary, isRevoked: summary.revoked !== null });
