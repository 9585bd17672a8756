import { Contract, ContractFactory, JsonRpcProvider, Wallet, type TransactionReceipt } from 'ethers';
import { contributorsRoot, shareHolders } from '#protocol/ownership/contributor-tree';
import { MINT_TYPES, signingDomain, type MintTerms } from '#protocol/ownership/mint-terms';
import { compileContracts } from '../../../contracts/compiler/compile.ts';
import { startHall } from '../../support/server.ts';
import type { Figure, Part } from '../figures.ts';

const FREE = { type: 2, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n };
const GROUPS = [1, 2, 4, 8, 16, 32];

/** Gas of our token against OpenZeppelin's ERC-721 with nothing added, on the same node in the same run. */
export const gas: Part = {
  name: 'gas',
  async measure(): Promise<Figure[]> {
    const hall = await startHall();
    const provider = new JsonRpcProvider(`${hall.url}/api/chain/rpc`, 31337, {
      staticNetwork: true,
      batchMaxCount: 1,
      cacheTimeout: -1,
    });
    try {
      const wallet = Wallet.createRandom().connect(provider);
      const compiled = compileContracts(['forge/PlainToken.sol']);
      const deploy = async (name: string, ...parameters: unknown[]) => {
        const { abi, bytecode } = compiled.get(name)!;
        const deployed = await new ContractFactory(abi as never, bytecode, wallet).deploy(...parameters, FREE);
        const receipt = (await deployed.deploymentTransaction()!.wait())!;
        return { contract: deployed as unknown as Contract, gasUsed: Number(receipt.gasUsed) };
      };
      const send = async (contract: Contract, method: string, ...parameters: unknown[]) => {
        const transaction = await contract.getFunction(method)(...parameters, FREE);
        return Number(((await transaction.wait()) as TransactionReceipt).gasUsed);
      };
      const figures: Figure[] = [];
      const tell = (name: string, measured: number, note?: string) =>
        figures.push({ name, measured, unit: 'count', note });

      const plain = await deploy('PlainToken');
      const ours = await deploy('WorkhallRevisions', wallet.address, wallet.address);
      const holder = Wallet.createRandom().address;
      await send(plain.contract, 'mint', holder);
      const plainMint = await send(plain.contract, 'mint', holder);
      tell('plain ERC-721: mint', plainMint, 'to a holder who has one already');

      const domain = signingDomain(31337, await ours.contract.getAddress());
      const mintBy = async (count: number, index: number) => {
        const people = Array.from({ length: count }, () => Wallet.createRandom());
        const each = Math.floor(10_000 / count);
        const holders = shareHolders(
          people.map(({ address }, i) => ({ address, shareBps: i ? each : 10_000 - each * (count - 1) })),
        );
        const terms: MintTerms = {
          manifestDigest: `0x${index.toString(16).padStart(64, 'a')}`,
          contributorsRoot: contributorsRoot(holders),
          parentTokens: index > 1 ? ['1'] : [],
          owner: holder,
          royaltyBps: 500,
          deadline: '4000000000',
        };
        const types = { RevisionMint: [...MINT_TYPES.RevisionMint] };
        const byAccount = new Map(people.map((one) => [one.address.toLowerCase(), one]));
        const signatures = await Promise.all(
          holders.map(({ account }) => byAccount.get(account)!.signTypedData(domain, types, terms)),
        );
        return send(ours.contract, 'mint', terms, holders, signatures);
      };
      let index = 0;
      for (const count of GROUPS) {
        const gasUsed = await mintBy(count, ++index);
        const note = index > 1 ? 'with one parent token' : 'without parent';
        tell(`revision: mint signed by ${count}`, gasUsed, note);
      }
      tell('revision: deploy the royalty splitter', await send(ours.contract, 'deploySplitter', index));
      tell('plain ERC-721: deployment', plain.gasUsed);
      tell('revision: deployment with splitter code', ours.gasUsed);
      return figures;
    } finally {
      provider.destroy();
      await hall.stop();
    }
  },
};
