import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { base32upper } from 'multiformats/bases/base32';
import { CID } from 'multiformats/cid';
import { OpId, RoomId } from '#protocol/ids';
import { AppModule } from '../../server/app.module.ts';
import { Ids } from '../../server/platform/clock/index.ts';
import { readConfig, type Config } from '../../server/platform/config/index.ts';
import { serve, type RunningServer } from '../../server/platform/serve.ts';
import { RoomHost } from '../../server/rooms/index.ts';
import { openProject, signIn, type Person } from '../support/people.ts';

/** A PNG of one pixel. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

/** The whole server in this process, on a data folder that outlives a restart. */
export class OwnershipHall {
  private constructor(
    readonly config: Config,
    private server: RunningServer,
  ) {}

  static async open(env: Record<string, string> = {}): Promise<OwnershipHall> {
    const dataDir = env['DATA_DIR'] ?? mkdtempSync(join(tmpdir(), 'workhall-revision-'));
    const config = readConfig({ DATA_DIR: dataDir, PORT: '0', DEMO: '0', LOG_LEVEL: 'error', ...env }, {});
    return new OwnershipHall(config, await serve(config, AppModule.register(config)));
  }

  get url(): string {
    return this.server.url;
  }

  get<T>(token: abstract new (...args: never[]) => T): T {
    return this.server.app.get(token as never, { strict: false });
  }

  guest(name: string): Promise<Person> {
    return signIn(this.url, name);
  }

  /** As if the person had done it in the room. Throws what the journal refuses. */
  async act(room: string, by: Person, ...ops: [type: string, payload: unknown, id?: string][]): Promise<void> {
    const host = this.get(RoomHost);
    const sent = ops.map(([type, payload, id]) => ({ id: OpId.parse(id ?? this.get(Ids).next()), type, payload }));
    const verdicts = await host.submit(RoomId.parse(room), { id: by.id as never, name: by.name }, sent);
    for (const verdict of verdicts) if (!verdict.ok) throw new Error(verdict.problem.message);
  }

  project(owner: Person, others: readonly Person[] = []): Promise<{ project: string; room: string }> {
    return openProject(owner, others);
  }

  async publish(room: string, by: Person, title = 'First'): Promise<Revision> {
    const { cid: picture } = await by.ask<{ cid: string }>('POST', '/api/pictures', { data: PIXEL });
    return by.ask('POST', `/api/rooms/${room}/revisions`, { title, notes: '', licence: 'CERN-OHL-S-2.0', picture });
  }

  /** Every block that the embedded node holds: its file and its CID's digest. */
  blocks(): { file: string; cid: CID }[] {
    const folder = join(this.config.tree.dataDir, 'ipfs', 'blocks');
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.data'))
      .map((entry) => {
        const multihash = base32upper.decode(entry.name.replace(/\.data$/, ''));
        return { file: join(entry.parentPath, entry.name), cid: CID.decode(Uint8Array.of(1, 0x55, ...multihash)) };
      });
  }

  async restart(): Promise<void> {
    await this.server.stop();
    this.server = await serve(this.config, AppModule.register(this.config));
  }

  /** Stops and leaves the data folder. */
  async stop(): Promise<void> {
    await this.server.stop();
  }

  async close(): Promise<void> {
    await this.server.stop().catch(() => undefined);
    this.remove();
  }

  remove(): void {
    rmSync(this.config.tree.dataDir, { recursive: true, force: true });
  }
}

/** The answer of the API, as far as these tests look. */
export interface Revision {
  cid: string;
  stateHash: string;
  journal: { head: string; length: number };
  contributors: { name: string; shareBps: number; points: number; address: string; signedAt: number | null }[];
  parents: { manifest: string; tokenId: string | null }[];
  typedData: { domain: object; types: Record<string, { name: string; type: string }[]>; message: object } | null;
  canMint: boolean;
  token: { tokenId: string; owner: string; contract: string; chainId: number; transaction: string } | null;
  chainProblem: string | null;
}
export interface Report {
  ok: boolean;
  checks: { name: string; ok: boolean; detail: string; cid?: string }[];
}
