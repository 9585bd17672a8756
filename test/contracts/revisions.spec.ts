import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  Contract,
  ContractFactory,
  JsonRpcProvider,
  sha256,
  toUtf8Bytes,
  Wallet,
  ZeroAddress,
  type Signer,
} from 'ethers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contributorsRoot, proofFor, shareHolders } from '../../protocol/ownership/contributor-tree.ts';
import { manifestOfDigest } from '../../protocol/ownership/manifest.ts';
import type { MintTerms } from '../../protocol/ownership/mint-terms.ts';
import { royaltySplitterAbi } from '../../contracts/abi/royalty-splitter.ts';
import { workhallRevisionsAbi } from '../../contracts/abi/workhall-revisions.ts';
import { compileContracts, contractsDir } from '../../contracts/compiler/compile.ts';
import { ChainRpcError } from '../../server/ownership/chain.ts';
import { mintTypes, RevisionsContract } from '../../server/ownership/revisions.chain.ts';
import { newGround, plainAnvil, RICH_KEY, type Ground } from '../integration/ownership-ground.ts';

let ground: Ground;
let provider: JsonRpcProvider;
let hall: Wallet;
let rpcUrl: string;
let revisions: RevisionsContract;
let contract: Contract;
let request: (method: string, params: readonly unknown[]) => Promise<unknown>;
beforeAll(async () => {
  ground = await newGround();
  const node = await plainAnvil(ground);
  rpcUrl = node.rpc.url;
  request = (method, params) => node.rpc.request(method, params);
  provider = new JsonRpcProvider(node.rpc.url, 7777, { staticNetwork: true, batchMaxCount: 1, cacheTimeout: -1 });
  hall = new Wallet(RICH_KEY, provider);
  const { address, block } = await RevisionsContract.deploy(request, 7777, RICH_KEY);
  revisions = new RevisionsContract(request, 7777, address, RICH_KEY, block);
  contract = new Contract(address, workhallRevisionsAbi, hall);
});
afterAll(async () => {
  provider.destroy();
  await ground[Symbol.asyncDispose]();
});

interface Group {
  readonly wallets: Map<string, Wallet>;
  readonly holders: ReturnType<typeof shareHolders>;
}
/** People whose shares differ and come to 10 000. */
function group(count: number): Group {
  const wallets = Array.from({ length: count }, () => Wallet.createRandom() as unknown as Wallet);
  const each = Math.floor(10_000 / count);
  const contributors = wallets.map(({ address }, i) => ({
    address,
    shareBps: i === 0 ? 10_000 - each * (count - 1) : each,
  }));
  return {
    wallets: new Map(wallets.map((wallet) => [wallet.address.toLowerCase(), wallet])),
    holders: shareHolders(contributors),
  };
}
function termsOf({ holders }: Group, name: string, more: Partial<MintTerms> = {}): MintTerms {
  return {
    manifestDigest: sha256(toUtf8Bytes(name)),
    contributorsRoot: contributorsRoot(holders),
    parentTokens: [],
    owner: '0x00000000000000000000000000000000000A11cE',
    royaltyBps: 500,
    deadline: String(Math.floor(Date.now() / 1000) + 86_400),
    ...more,
  };
}
const sign = (wallet: Wallet, terms: MintTerms) => wallet.signTypedData(revisions.domain, mintTypes(), terms);
const signAll = ({ wallets, holders }: Group, terms: MintTerms) =>
  Promise.all(holders.map(({ account }) => sign(wallets.get(account)!, terms)));

test('contributors who all sign get a token whose owner, digest, shares and lineage are on chain', async () => {
  const first = group(3);
  const parentTerms = termsOf(first, 'parent');
  const parent = await revisions.mint({
    terms: parentTerms,
    holders: first.holders,
    signatures: await signAll(first, parentTerms),
  });
  const second = group(5);
  const terms = termsOf(second, 'child', { parentTokens: [parent.tokenId] });
  const minted = await revisions.mint({ terms, holders: second.holders, signatures: await signAll(second, terms) });

  const token = (await revisions.token(minted.tokenId))!;
  expect(token).toMatchObject({
    manifestDigest: terms.manifestDigest,
    contributorsRoot: terms.contributorsRoot,
    contributorCount: 5,
    unanimous: true,
    parentTokens: [parent.tokenId],
    owner: terms.owner,
    transaction: minted.transaction,
  });
  expect(token.mint!.terms).toEqual(terms);
  expect(token.mint!.signatures.map(({ account }) => account.toLowerCase())).toEqual(
    second.holders.map(({ account }) => account),
  );
  for (const { account, signature } of token.mint!.signatures)
    expect(await revisions.isSignedBy(account, terms, signature)).toBe(true);
  expect(await contract.getFunction('tokenURI')(minted.tokenId)).toBe(
    `ipfs://${manifestOfDigest(terms.manifestDigest)}`,
  );
});

test('one missing, exchanged or foreign signature, and there is no token', async () => {
  const people = group(3);
  const terms = termsOf(people, 'refused');
  const signatures = await signAll(people, terms);
  const stranger = await sign(Wallet.createRandom() as unknown as Wallet, terms);
  const attempts = [
    [signatures[1]!, signatures[0]!, signatures[2]!],
    [signatures[0]!, signatures[1]!, stranger],
    await signAll(people, { ...terms, royaltyBps: 400 }),
  ];
  for (const attempt of attempts)
    await expect(revisions.mint({ terms, holders: people.holders, signatures: attempt })).rejects.toMatchObject({
      problem: { facts: { reason: 'BadSignature' } },
    });
  expect(await revisions.tokenOf(terms.manifestDigest)).toBeNull();
});

test('where an endpoint gives out logs of few blocks only, the mint and its signatures are found all the same', async () => {
  const people = group(2);
  const terms = termsOf(people, 'limited');
  const { tokenId } = await revisions.mint({
    terms,
    holders: people.holders,
    signatures: await signAll(people, terms),
  });
  let refused = 0;
  const limited: typeof request = async (method, params) => {
    const [filter] = params as [{ fromBlock: string; toBlock: string }];
    if (method !== 'eth_getLogs' || Number(filter.toBlock) - Number(filter.fromBlock) < 100)
      return request(method, params);
    refused++;
    throw new ChainRpcError('query exceeds max block range', -32_005);
  };
  const token = await new RevisionsContract(limited, 7777, revisions.address, null).token(tokenId);
  expect(refused).toBe(1);
  expect(token!.mint!.terms).toEqual(terms);
});

test('a manifest is minted once', async () => {
  const people = group(2);
  const terms = termsOf(people, 'once');
  const signatures = await signAll(people, terms);
  await revisions.mint({ terms, holders: people.holders, signatures });
  await expect(revisions.mint({ terms, holders: people.holders, signatures })).rejects.toMatchObject({
    problem: { facts: { reason: 'AlreadyMinted' } },
  });
});

test('a stranger with all signatures cannot mint without the hall', async () => {
  const people = group(2);
  const terms = termsOf(people, 'front-run');
  const signatures = await signAll(people, terms);
  const stranger = Wallet.createRandom().connect(provider);
  await (await hall.sendTransaction({ to: stranger.address, value: 10n ** 18n })).wait();
  const foreign = new RevisionsContract(request, 7777, revisions.address, stranger.privateKey);
  await expect(foreign.mint({ terms, holders: people.holders, signatures })).rejects.toMatchObject({
    problem: { facts: { reason: 'NotAttested' } },
  });
});

test('a company’s contract wallet contributes with an ERC-1271 signature', async () => {
  const key = Wallet.createRandom() as unknown as Wallet;
  const wallet = await deployTestContract('ContractWallet', [key.address]);
  const address = (await wallet.getAddress()).toLowerCase();
  const people: Group = { wallets: new Map([[address, key]]), holders: shareHolders([{ address, shareBps: 10_000 }]) };
  const terms = termsOf(people, 'company', { owner: await wallet.getAddress() });
  const signature = await sign(key, terms);
  expect(await revisions.isSignedBy(address, terms, signature)).toBe(true);
  expect(await revisions.isSignedBy(address, { ...terms, royaltyBps: 0 }, signature)).toBe(false);
  const { tokenId } = await revisions.mint({ terms, holders: people.holders, signatures: [signature] });
  expect((await revisions.token(tokenId))!.owner).toBe(await wallet.getAddress());
});

test('forty people mint with their root, and the token does not call itself unanimous', async () => {
  const people = group(40);
  const owner = Wallet.createRandom() as unknown as Wallet;
  const terms = termsOf(people, 'forty', { owner: owner.address });
  const minted = await revisions.mint({ terms, holders: people.holders, signatures: [await sign(owner, terms)] });
  expect(await revisions.token(minted.tokenId)).toMatchObject({ unanimous: false, contributorCount: 40 });
});

test('royalties reach each contributor by share, with the proof from the protocol', async () => {
  const people = group(5);
  const terms = termsOf(people, 'sold');
  const { tokenId } = await revisions.mint({
    terms,
    holders: people.holders,
    signatures: await signAll(people, terms),
  });
  const [receiver, amount] = await contract.getFunction('royaltyInfo')(tokenId, 10n ** 18n);
  expect(amount).toBe(5n * 10n ** 16n);
  // Paid before the splitter's code is there: the address is known from the mint on.
  await (await hall.sendTransaction({ to: receiver, value: amount })).wait();
  await (await contract.getFunction('deploySplitter')(tokenId)).wait();
  const splitter = new Contract(receiver, royaltySplitterAbi, hall);
  for (const { account, shareBps } of people.holders) {
    await (
      await splitter.getFunction('claim')(ZeroAddress, account, shareBps, proofFor(people.holders, account))
    ).wait();
    expect(await provider.getBalance(account)).toBe((amount * BigInt(shareBps)) / 10_000n);
  }
  const proof = proofFor(people.holders, people.holders[0]!.account);
  await expect(
    splitter.getFunction('claim').staticCall(ZeroAddress, people.holders[0]!.account, 9_999, proof),
  ).rejects.toThrow(/NotAContributor/);
});

test('the tree of the protocol and of the contract agree for every size of group', async () => {
  for (const count of [1, 2, 3, 4, 7, 8, 13, 32]) {
    const people = group(count);
    const terms = termsOf(people, `tree ${count}`);
    // The contract computes the root itself and refuses any other.
    await revisions.mint({ terms, holders: people.holders, signatures: await signAll(people, terms) });
  }
});

test('the deploy script puts the contract on a chain and says where', async () => {
  const keyFile = join(ground.path, 'deployer.key');
  writeFileSync(keyFile, `${RICH_KEY}\n`);
  const script = join(contractsDir, 'deploy.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--rpc', rpcUrl, '--key-file', keyFile]);
  const { address, chainId, attester } = JSON.parse(stdout) as { address: string; chainId: number; attester: string };
  expect(chainId).toBe(7777);
  expect(attester).toBe(hall.address);
  expect(await new RevisionsContract(request, 7777, address, null).isDeployed()).toBe(true);
});

async function deployTestContract(name: string, parameters: unknown[], signer: Signer = hall): Promise<Contract> {
  const compiled = compileContracts([`forge/${name}.sol`]).get(name)!;
  const deployed = await new ContractFactory(compiled.abi as never, compiled.bytecode, signer).deploy(...parameters);
  await deployed.waitForDeployment();
  return deployed as unknown as Contract;
}
