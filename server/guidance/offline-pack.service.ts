import { Injectable } from '@nestjs/common';
import { OfflinePack } from '#protocol/api/offline';
import { partsOf, type Part } from '#protocol/design/index';
import type { Document } from '#protocol/document/index';
import { jobOf } from '#protocol/guidance/index';
import { CidText, type RoomId } from '#protocol/ids';
import { CID, decodeBlock } from '#protocol/journal/index';
import { procedureIn, type Procedure } from '#protocol/procedures/index';
import { StatusEntry } from '#protocol/credentials/status-list';
import { AssetStore } from '../assets/index.ts';
import { Credentials, StatusLists } from '../credentials/index.ts';
import { Projects, RoomPlaces } from '../design/index.ts';
import { Clock } from '../platform/clock/index.ts';
import { RoomHost } from '../rooms/index.ts';
import { problems } from './problems.ts';

const DAG_CBOR = 0x71;
/** Files of one job at most; a procedure with more has lost its way. */
const MOST_FILES = 5_000;
/** What people can do is believed for so long without asking again; the status list is signed for a week. */
export const GOOD_FOR_MS = 7 * 86_400_000;

/** What a device needs of a job before it goes where there is no network. */
@Injectable()
export class OfflinePacks {
  constructor(
    private readonly host: RoomHost,
    private readonly places: RoomPlaces,
    private readonly projects: Projects,
    private readonly assets: AssetStore,
    private readonly credentials: Credentials,
    private readonly lists: StatusLists,
    private readonly clock: Clock,
  ) {}

  async of(room: RoomId): Promise<OfflinePack> {
    const [{ project }, { document, genesis }] = await Promise.all([this.places.get(room), this.host.state(room)]);
    const job = jobOf(document);
    const procedure = job && procedureIn(document, job.procedure);
    if (!job || !procedure) throw problems.noSuchJob(room);
    const place = await this.projects.get(project);
    const packedAt = this.clock.nowMs();
    const crew = await Promise.all(job.crew.map((person) => this.personOf(person)));
    return OfflinePack.parse({
      room,
      project,
      title: genesis.title,
      station: job.station,
      packedAt,
      goodUntil: packedAt + GOOD_FOR_MS,
      files: await this.filesIn(procedure, job.plan, await this.shapesOf(procedure, place.room)),
      pages: pagesOf(room, project, place.room, procedure),
      people: crew,
      statusLists: await this.listsOf(crew.flatMap(({ certificates }) => certificates)),
      issuer: await this.credentials.issuer(),
    });
  }

  private async personOf({ id, name }: { id: string; name: string }) {
    const { certificates } = await this.credentials.ofPerson(id);
    const documents = await Promise.all(certificates.map(async (one) => (await this.credentials.get(one.id)).document));
    return { id, name, certificates: documents.map((text) => JSON.parse(text) as Record<string, unknown>) };
  }

  private async listsOf(certificates: readonly Record<string, unknown>[]) {
    const urls = new Set<string>();
    for (const { credentialStatus } of certificates) {
      const entry = StatusEntry.safeParse(credentialStatus);
      if (entry.success) urls.add(entry.data.statusListCredential);
    }
    const signed: { url: string; document: object }[] = [];
    for (const url of urls) {
      const number = /\/api\/credentials\/status\/(\d{1,7})$/.exec(new URL(url).pathname)?.[1];
      if (number !== undefined) signed.push({ url, document: await this.lists.get(Number(number)) });
    }
    return signed;
  }

  /** The parts of the design that the procedure's things are, with what is inside of them. */
  private async shapesOf(procedure: Procedure, room: RoomId): Promise<Part[]> {
    const wanted = new Set<string>(procedure.workplace.things.flatMap(({ part }) => (part === null ? [] : [part])));
    if (wanted.size === 0 || procedure.design !== null) return [];
    const { document }: { document: Document } = await this.host.state(room);
    const parts = partsOf(document);
    const isWanted = (part: Part | undefined): boolean =>
      part !== undefined && (wanted.has(part.id) || (part.parent !== null && isWanted(parts.get(part.parent))));
    return [...parts.values()].filter(isWanted);
  }

  /** Every file that is named anywhere in these, and in the manifests that they name. */
  private async filesIn(...roots: unknown[]): Promise<{ cid: CidText; bytes: number }[]> {
    const seen = new Set<string>();
    const files: { cid: CidText; bytes: number }[] = [];
    const left: unknown[] = [...roots];
    for (let value = left.pop(); value !== undefined; value = left.pop()) {
      const cid = cidIn(value);
      if (!cid) {
        if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array))
          left.push(...Object.values(value).filter((one) => one !== null && one !== undefined));
        continue;
      }
      const text = `${cid}`;
      if (seen.has(text) || seen.size >= MOST_FILES) continue;
      seen.add(text);
      if (!(await this.assets.has(cid))) continue;
      if (cid.code === DAG_CBOR) {
        const bytes = await this.assets.getBlock(cid);
        files.push({ cid: CidText.parse(text), bytes: bytes.length });
        left.push(decodeBlock(bytes));
      } else files.push({ cid: CidText.parse(text), bytes: await this.assets.fileSize(cid) });
    }
    return files;
  }
}

function cidIn(value: unknown): CID | null {
  const link = CID.asCID(value);
  if (link) return link;
  return typeof value === 'string' && CidText.safeParse(value).success ? CID.parse(value) : null;
}

/** What the pages of a job ask the hall for (client/features/guidance-room). */
function pagesOf(room: RoomId, project: string, projectRoom: RoomId, { design, workplace }: Procedure): string[] {
  const pages = ['/api/me', `/api/rooms/${room}`, `/api/jobs/${room}`, `/api/projects/${project}`];
  if (!workplace.things.some(({ part }) => part !== null)) return pages;
  return [...pages, design === null ? `/api/rooms/${projectRoom}/snapshot` : `/api/revisions/${design}`];
}
