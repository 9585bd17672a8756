import { Transaction, Wallet } from 'ethers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ChainRpcError, type Chain, type ChainIdentity } from '../../server/ownership/chain.ts';
import { until } from '../support/people.ts';

export interface OpenChain {
  readonly chain: Chain;
  readonly identity: ChainIdentity;
  [Symbol.asyncDispose](): Promise<void>;
}

/** What every chain adapter promises to the hall. */
export function behavesAsChain(name: string, open: () => Promise<OpenChain>): void {
  describe(`a chain: ${name}`, () => {
    let opened: OpenChain;
    let wallet: Wallet;
    beforeEach(async () => {
      opened = await open();
      wallet = new Wallet(opened.identity.hallKey!);
    });
    afterEach(() => opened[Symbol.asyncDispose]());

    const request = <T>(method: string, ...params: unknown[]) => opened.chain.request(method, params) as Promise<T>;
    const nonce = async () => Number(await request<string>('eth_getTransactionCount', wallet.address, 'latest'));
    const transfer = async (fields: Partial<Transaction> = {}) =>
      wallet.signTransaction({
        chainId: opened.identity.chainId,
        to: '0x000000000000000000000000000000000000dEaD',
        value: 1n,
        gasLimit: 21_000,
        nonce: await nonce(),
        type: 2,
        maxFeePerGas: 10_000_000_000n,
        maxPriorityFeePerGas: 0n,
        ...(fields as object),
      });

    /** Hands it in and waits for its block: a node answers when it has it in hand, and mines a moment later. */
    const mined = async (raw: string): Promise<{ status: string }> => {
      const hash = await request<string>('eth_sendRawTransaction', raw);
      let receipt: { status: string } | null = null;
      const hasCome = async () => (receipt = await request('eth_getTransactionReceipt', hash)) !== null;
      await until('the transaction is in a block', hasCome);
      return receipt!;
    };

    test('says which chain it is, and the hall can pay there', async () => {
      expect(Number(await request('eth_chainId'))).toBe(opened.identity.chainId);
      expect(BigInt(await request<string>('eth_getBalance', wallet.address, 'latest'))).toBeGreaterThan(10n ** 18n);
    });

    test('a signed transaction that is handed in comes into a block', async () => {
      const receipt = await mined(await transfer());
      expect(Number(receipt.status)).toBe(1);
      expect(
        BigInt(await request<string>('eth_getBalance', '0x000000000000000000000000000000000000dEaD', 'latest')),
      ).toBe(1n);
    });

    test('what the node refuses comes back in its words and leaves no gap', async () => {
      await mined(await transfer());
      await expect(request('eth_sendRawTransaction', await transfer({ nonce: 0 }))).rejects.toThrow(ChainRpcError);
      await expect(request('eth_sendRawTransaction', await transfer({ chainId: 1n }))).rejects.toThrow(ChainRpcError);
      await expect(request('eth_sendRawTransaction', '0x1234')).rejects.toThrow(ChainRpcError);
      await expect(request('eth_noSuchMethod')).rejects.toThrow(ChainRpcError);
      await mined(await transfer());
      expect(await nonce()).toBe(2);
    });
  });
}
