import { Body, Controller, Get, HttpCode, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { z } from 'zod';
import { WorkhallError } from '#protocol/errors';
import { Clock } from '../platform/clock/index.ts';
import { Endpoint } from '../platform/http/index.ts';
import { ChainRpcError } from './chain.ts';
import { HallChain } from './hall-chain.service.ts';
import { isPublicMethod, isWrite } from './rpc-filter.ts';
import { RpcLimit } from './rpc-limit.ts';

const Call = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string().max(100), z.number(), z.null()]).optional(),
  method: z.string().max(100),
  params: z.array(z.unknown()).max(8).default([]),
});
type Call = z.output<typeof Call>;
/** ethers and wallets batch reads; more than this in one request is no wallet. */
const MAX_BATCH = 50;

const ChainView = z.object({
  isOn: z.boolean(),
  detail: z.string(),
  chainId: z.number().int().nullable(),
  contract: z.string().nullable(),
  rpc: z.string().meta({ description: 'JSON-RPC endpoint of this hall, for wallets and verifiers' }),
});

/** The public window onto the chain: reading and handing in signed transactions. The node itself is never exposed. */
@Controller('api/chain')
export class ChainController {
  private readonly limit = new RpcLimit();

  constructor(
    private readonly hall: HallChain,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Endpoint({ summary: 'Which chain and contract hold the tokens of this hall', access: 'public', response: ChainView })
  async read(): Promise<z.output<typeof ChainView>> {
    const rpc = '/api/chain/rpc';
    try {
      const { chainId, address } = await this.hall.contract();
      return { isOn: true, detail: this.hall.chain.place, chainId, contract: address, rpc };
    } catch (thrown) {
      if (!(thrown instanceof WorkhallError)) throw thrown;
      return { isOn: false, detail: thrown.message, chainId: null, contract: null, rpc };
    }
  }

  @Post('rpc')
  @HttpCode(200)
  @Endpoint({
    summary: 'JSON-RPC 2.0 of the chain: read-only eth_* methods and eth_sendRawTransaction',
    access: 'public',
    body: z.union([Call, z.array(Call).min(1).max(MAX_BATCH)]),
  })
  async rpc(@Req() request: Request, @Body() body: unknown): Promise<object> {
    // The validated body replaces the raw one on the request; the parameter only makes Nest parse it.
    const calls = (request.body ?? body) as Call | Call[];
    const address = request.ip ?? '';
    if (!Array.isArray(calls)) return this.answer(calls, address);
    return Promise.all(calls.map((call) => this.answer(call, address)));
  }

  private async answer({ id = null, method, params }: Call, address: string): Promise<object> {
    const refuse = (code: number, message: string, data?: unknown) => ({
      jsonrpc: '2.0',
      id,
      error: { code, message, data },
    });
    if (!isPublicMethod(method)) return refuse(-32_601, `the method ${method} is not available here`);
    if (!this.limit.admit(address, isWrite(method), this.clock.nowMs())) return refuse(-32_005, 'too many requests');
    try {
      return { jsonrpc: '2.0', id, result: await this.hall.chain.request(method, params) };
    } catch (thrown) {
      if (thrown instanceof ChainRpcError) return refuse(thrown.code, thrown.message, thrown.data);
      if (thrown instanceof WorkhallError) return refuse(-32_000, thrown.message);
      throw thrown;
    }
  }
}
