import { Module } from '@nestjs/common';
import { AssetsModule } from '../assets/index.ts';
import { IdentityModule } from '../identity/index.ts';
import { RoomsModule } from '../rooms/index.ts';
import { ChainController } from './chain.controller.ts';
import { HallChain } from './hall-chain.service.ts';
import { OwnershipController } from './ownership.controller.ts';
import { OwnershipService } from './ownership.service.ts';
import { PublicationService } from './publication.service.ts';
import { RevisionStore } from './revision.store.ts';
import { SigningService } from './signing.service.ts';
import { WantedSignatures } from './wanted-signatures.service.ts';

/** Projects and roles come from the design domain, whose module is global. */
@Module({
  imports: [AssetsModule, IdentityModule, RoomsModule],
  controllers: [ChainController, OwnershipController],
  providers: [HallChain, OwnershipService, PublicationService, RevisionStore, SigningService, WantedSignatures],
  exports: [OwnershipService],
})
export class OwnershipModule {}
