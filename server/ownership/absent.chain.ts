import { Chain, chainOff, type ChainIdentity } from './chain.ts';

/** A hall without a chain: designs are published and signed, and minting says what is missing. */
export class AbsentChain extends Chain {
  readonly place: string;

  constructor(private readonly reason: string) {
    super();
    this.place = `off: ${reason}`;
  }

  async open(): Promise<ChainIdentity> {
    throw chainOff(this.reason);
  }

  async close(): Promise<void> {
    // Nothing was opened.
  }

  async request(): Promise<unknown> {
    throw chainOff(this.reason);
  }
}
