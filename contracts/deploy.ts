/** `node contracts/deploy.ts --rpc URL --key-file FILE`: puts the contract on a chain and prints its address. */
import { ContractFactory, JsonRpcProvider, Wallet } from 'ethers';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { workhallRevisionsAbi, workhallRevisionsBytecode } from './abi/workhall-revisions.ts';

const { values } = parseArgs({
  options: { rpc: { type: 'string' }, 'key-file': { type: 'string' }, admin: { type: 'string' } },
});
if (!values.rpc || !values['key-file']) {
  console.error(
    'node contracts/deploy.ts --rpc URL --key-file FILE [--admin ADDRESS]\n\n' +
      'FILE holds the private key that pays and becomes the attester: give the same one to the hall (CHAIN_DEPLOYER_KEY).\n' +
      'ADDRESS may appoint and dismiss attesters; a hardware wallet is a good one. Default: the account that pays.',
  );
  process.exit(1);
}
const provider = new JsonRpcProvider(values.rpc);
const wallet = new Wallet(readFileSync(values['key-file'], 'utf8').trim(), provider);
const factory = new ContractFactory(workhallRevisionsAbi, workhallRevisionsBytecode, wallet);
const contract = await factory.deploy(values.admin ?? wallet.address, wallet.address);
const receipt = await contract.deploymentTransaction()?.wait();
console.log(
  JSON.stringify(
    {
      chainId: Number((await provider.getNetwork()).chainId),
      address: await contract.getAddress(),
      block: receipt?.blockNumber,
      gasUsed: receipt?.gasUsed.toString(),
      attester: wallet.address,
      admin: values.admin ?? wallet.address,
    },
    null,
    2,
  ),
);
provider.destroy();
