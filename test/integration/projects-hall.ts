import { Test } from '@nestjs/testing';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OpId, PartId, RoomId, UserId } from '#protocol/ids';
import { initialShape, type DesignOpType, type DesignPayload, type Part } from '#protocol/design/index';
import { AppModule } from '../../server/app.module.ts';
import { AssetsModule } from '../../server/assets/index.ts';
import { DesignModule, designMigrations } from '../../server/design/index.ts';
import { IdentityModule, identityMigrations } from '../../server/identity/index.ts';
import { Clock, FixedClock, Ids } from '../../server/platform/clock/index.ts';
import { readConfig, type Config } from '../../server/platform/config/index.ts';
import { DatabaseModule } from '../../server/platform/database/index.ts';
import { FleetModule } from '../../server/platform/fleet/index.ts';
import { PlatformModule } from '../../server/platform/platform.module.ts';
import { journalMigrations, RoomHost, RoomsModule } from '../../server/rooms/index.ts';
import { AuthoringModule, authoringMigrations } from '../../server/authoring/index.ts';
import { procedureMigrations, ProceduresModule } from '../../server/procedures/index.ts';
import { trainingMigrations, TrainingModule } from '../../server/training/index.ts';
import { VoiceModule } from '../../server/voice/index.ts';

export interface Answer {
  readonly status: number;
  /** As JSON.parse gives it: the test judges it field by field. */
  readonly body: ReturnType<typeof JSON.parse>;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

/** Somebody at the door of the hall: with a session, or without (`stranger`). */
export class Visitor {
  constructor(
    private readonly url: string,
    readonly token: string | null,
    readonly id: UserId,
    readonly name: string,
  ) {}

  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const answer = await fetch(`${this.url}/api${path}`, {
      method,
      headers: {
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const isJson = answer.headers.get('content-type')?.includes('json');
    return {
      status: answer.status,
      headers: answer.headers,
      bytes,
      body: isJson ? JSON.parse(new TextDecoder().decode(bytes)) : null,
    };
  }

  get = (path: string) => this.ask('GET', path);
  post = (path: string, body: unknown = {}) => this.ask('POST', path, body);
}

/** A hall in this process: the real application, its own data folder, real PostgreSQL, and a clock that is told the time. */
export class InProcessHall {
  private constructor(
    readonly app: NestExpressApplication,
    readonly url: string,
    readonly dataDir: string,
    readonly clock: FixedClock,
  ) {}

  /** `whole`: with every domain there is, the chain too; otherwise identity, assets, rooms, design, procedures and training. */
  static async open({ whole = false, env = {} as Record<string, string> } = {}): Promise<InProcessHall> {
    const dataDir = mkdtempSync(join(tmpdir(), 'workhall-design-'));
    const config = readConfig({ DATA_DIR: dataDir, PORT: '0', DEMO: '0', LOG_LEVEL: 'error', ...env }, {});
    const clock = new FixedClock(Date.UTC(2026, 10, 21));
    const testing = await Test.createTestingModule({
      imports: whole ? [AppModule.register(config)] : narrowHall(config),
    })
      .overrideProvider(Clock)
      .useValue(clock)
      .compile();
    const app = testing.createNestApplication<NestExpressApplication>({
      bodyParser: false,
      forceCloseConnections: true,
    });
    app.useBodyParser('json', { limit: '4mb' });
    try {
      await app.listen(0, '127.0.0.1');
    } catch (thrown) {
      await app.close();
      throw thrown;
    }
    const { port } = app.getHttpServer().address() as AddressInfo;
    return new InProcessHall(app, `http://127.0.0.1:${port}`, dataDir, clock);
  }

  get stranger(): Visitor {
    return new Visitor(this.url, null, UserId.parse('nobody'), 'nobody');
  }

  get host(): RoomHost {
    return this.app.get(RoomHost, { strict: false });
  }

  async guest(name: string): Promise<Visitor> {
    const { status, body } = await this.stranger.post('/session/guest', { name });
    if (status !== 200) throw new Error(`Nobody can come in: ${JSON.stringify(body)}`);
    return new Visitor(this.url, body.token, UserId.parse(body.me.id), name);
  }

  /** A project with somebody in each role. */
  async cast() {
    const names = ['owner', 'designer', 'reviewer', 'observer', 'outsider'] as const;
    const [owner, designer, reviewer, observer, outsider] = await Promise.all(names.map((name) => this.guest(name)));
    const { body: project } = await owner!.post('/projects', { title: 'Pump', description: '' });
    for (const [person, role] of [
      [designer!, 'designer'],
      [reviewer!, 'reviewer'],
      [observer!, 'observer'],
    ] as const) {
      const { body: invitation } = await owner!.post(`/projects/${project.id}/invitations`, { role });
      await person.post(`/invitations/${invitation.token}/accept`);
    }
    return {
      project,
      people: {
        owner: owner!,
        designer: designer!,
        reviewer: reviewer!,
        observer: observer!,
        outsider: outsider!,
      },
    };
  }

  /** The same with those who teach and learn. */
  async school() {
    const { project, people } = await this.cast();
    const [instructor, trainee] = await Promise.all([this.guest('instructor'), this.guest('trainee')]);
    for (const [person, role] of [
      [instructor, 'instructor'],
      [trainee, 'trainee'],
    ] as const) {
      const { body: invitation } = await people.owner.post(`/projects/${project.id}/invitations`, { role });
      await person.post(`/invitations/${invitation.token}/accept`);
    }
    return { project, people: { ...people, instructor, trainee } };
  }

  /** As if the person had done it in the room. Throws what the journal refuses. */
  async act<T extends DesignOpType>(room: string, by: Visitor, type: T, payload: DesignPayload<T>): Promise<void> {
    const op = { id: OpId.parse(this.app.get(Ids).next()), type, payload };
    const [verdict] = await this.host.submit(RoomId.parse(room), { id: by.id, name: by.name }, [op]);
    if (!verdict!.ok) throw new Error(verdict!.problem.message);
  }

  async close(): Promise<void> {
    await this.app.close();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

function narrowHall(config: Config) {
  const migrations = [
    ...identityMigrations,
    ...designMigrations,
    ...journalMigrations,
    ...procedureMigrations,
    ...authoringMigrations,
    ...trainingMigrations,
  ];
  const platform = [PlatformModule.register(config), DatabaseModule.register(migrations), FleetModule];
  return [
    ...platform,
    AssetsModule,
    IdentityModule,
    RoomsModule,
    VoiceModule,
    DesignModule,
    ProceduresModule,
    AuthoringModule,
    TrainingModule,
  ];
}

export function box(id: string): Part {
  return {
    id: PartId.parse(id),
    parent: null,
    name: id,
    order: 'a0',
    poseInParent: { position: [0, 0, 0], rotation: [0, 0, 0, 1] },
    hidden: false,
    material: { preset: 'steel', color: '#808488' },
    shape: initialShape('box'),
  };
}
