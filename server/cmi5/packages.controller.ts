import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Req, StreamableFile } from '@nestjs/common';
import type { Request } from 'express';
import { z } from 'zod';
import { Cmi5Entered, Cmi5Entrance, Cmi5PackageList, Cmi5PackageNew } from '#protocol/api/cmi5';
import { ProjectId } from '#protocol/ids';
import { Projects, RoomAccess } from '../design/index.ts';
import { CurrentPerson, type Person } from '../identity/index.ts';
import { Config } from '../platform/config/index.ts';
import { Endpoint, mayCallOut } from '../platform/http/index.ts';
import { Cmi5Packages } from './packages.service.ts';

// The page of a unit speaks to the LRS of the LMS that launched it.
mayCallOut('/cmi5/');

const ZIP = 'application/zip';
const OfProject = z.object({ id: ProjectId });
const OfPackage = z.object({ package: z.string().max(64) });

/** Our procedures for the LMSs of others. */
@Controller('api')
export class Cmi5PackagesController {
  constructor(
    private readonly packages: Cmi5Packages,
    private readonly projects: Projects,
    private readonly access: RoomAccess,
    private readonly config: Config,
  ) {}

  @Post('projects/:id/cmi5/packages')
  @Header('cache-control', 'no-store')
  @Endpoint({
    summary: 'Make a cmi5 package of a course or of releases: a zip for an LMS, with a key that is told once',
    access: 'session',
    params: OfProject,
    body: Cmi5PackageNew,
    produces: ZIP,
  })
  async make(
    @Param() { id }: z.infer<typeof OfProject>,
    @Body() wanted: z.output<typeof Cmi5PackageNew>,
    @CurrentPerson() person: Person,
    @Req() request: Request,
  ): Promise<StreamableFile> {
    await this.require(id, person);
    const origin = this.config.tree.publicUrl ?? `${request.protocol}://${request.host}`;
    const made = await this.packages.make(id, wanted, person, origin);
    const disposition = `attachment; filename="cmi5-${made.id}.zip"`;
    return new StreamableFile(made.zip, { type: ZIP, length: made.zip.length, disposition });
  }

  @Get('projects/:id/cmi5/packages')
  @Endpoint({
    summary: 'Packages that were made, and how many learners came through them',
    access: 'session',
    params: OfProject,
    response: Cmi5PackageList,
  })
  async list(@Param() { id }: z.infer<typeof OfProject>, @CurrentPerson() person: Person) {
    await this.require(id, person);
    return { packages: await this.packages.list(id) };
  }

  @Delete('cmi5/packages/:package')
  @Endpoint({
    summary: 'Take a package back: nobody comes in through it any more',
    access: 'session',
    params: OfPackage,
    response: z.object({}),
  })
  async revoke(@Param() { package: id }: z.infer<typeof OfPackage>, @CurrentPerson() person: Person) {
    await this.require(await this.packages.projectOf(id), person);
    await this.packages.revoke(id);
    return {};
  }

  @Post('cmi5/packages/:package/enter')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Endpoint({
    summary: 'A learner whom an LMS launched comes in, with the key of the package',
    access: 'public',
    params: OfPackage,
    body: Cmi5Entrance,
    response: Cmi5Entered,
  })
  enter(@Param() { package: id }: z.infer<typeof OfPackage>, @Body() entrance: z.infer<typeof Cmi5Entrance>) {
    return this.packages.enter(id, entrance);
  }

  private async require(project: ProjectId, person: Person): Promise<void> {
    await this.access.require((await this.projects.get(project)).room, person, 'training.open');
  }
}
