import { Module } from '@nestjs/common';
import { Authentication } from './authentication.ts';
import { IdentityKeys } from './keys.wallet.ts';
import { People } from './people.service.ts';
import { SessionController } from './session.controller.ts';
import { Sessions } from './sessions.service.ts';
import { SignInLimit } from './sign-in-limit.ts';
import { WalletSignature } from './siwe.wallet.ts';

@Module({
  controllers: [SessionController],
  providers: [Authentication, IdentityKeys, People, Sessions, SignInLimit, WalletSignature],
  exports: [IdentityKeys, People, Sessions],
})
export class IdentityModule {}
