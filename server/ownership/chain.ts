import { WorkhallError } from '#protocol/errors';

/**
 * The EVM chain that keeps the tokens. Adapters: an embedded development chain whose state outlives a crash, any
 * JSON-RPC endpoint, and none at all. All face `test/integration/ownership-chain.behaviour.ts`.
 */
export abstract class Chain {
  /** For people: `embedded anvil 1.7.1`, `https://…`, or why there is none. */
  abstract readonly place: string;
  /** Throws when the chain cannot be used; the hall then runs without it. */
  abstract open(): Promise<ChainIdentity>;
  abstract close(): Promise<void>;
  /**
   * One JSON-RPC call (EIP-1193). Throws `ChainRpcError` with what the node said, or `ownership/chain_unreachable`.
   * When the embedded chain answers `eth_sendRawTransaction`, the transaction is mined and on disk.
   */
  abstract request(method: string, params: readonly unknown[]): Promise<unknown>;
}

export interface ChainIdentity {
  readonly chainId: number;
  /** Pays for deployment and mints, attests what is minted. Null: this hall can read tokens but not make them. */
  readonly hallKey: string | null;
}

/** The node understood the call and refused it. */
export class ChainRpcError extends Error {
  constructor(
    message: string,
    /** JSON-RPC 2.0 error code. */
    readonly code: number,
    readonly data?: unknown,
  ) {
    super(message);
    this.name = 'ChainRpcError';
  }
}

export const chainOff = (reason: string): WorkhallError =>
  new WorkhallError('ownership', 'chain_off', `This hall has no chain, so nothing can be minted: ${reason}`, {
    facts: { reason },
    next: 'Publishing and signing designs works. To mint, put `anvil` on the PATH or set CHAIN_RPC_URL, then restart.',
    status: 503,
  });

export const chainUnreachable = (place: string, cause: unknown): WorkhallError =>
  new WorkhallError('ownership', 'chain_unreachable', `The chain (${place}) does not answer.`, {
    facts: { place, reason: cause instanceof Error ? cause.message : String(cause) },
    next: 'Nothing is lost. Try again; if it stays, ask the person who runs this hall.',
    status: 503,
    cause,
  });
