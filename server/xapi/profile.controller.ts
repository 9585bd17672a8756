import { Controller, Get, Header } from '@nestjs/common';
import { profileDocument } from '#protocol/xapi/index';
import { Endpoint } from '../platform/http/index.ts';

/** Our words for statements, for programs of other people (xAPI Profiles 1.0). */
@Controller('xapi/profile')
export class ProfileController {
  @Get()
  @Header('access-control-allow-origin', '*')
  @Header('content-type', 'application/ld+json')
  @Endpoint({ summary: 'The xAPI profile of Workhall', access: 'public' })
  read(): object {
    return profileDocument();
  }
}
