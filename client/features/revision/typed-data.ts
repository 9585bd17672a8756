import type { RevisionView } from '#protocol/api/index';

type TypedData = NonNullable<RevisionView['typedData']>;
/** Fields of EIP-712's domain in the order in which the standard lists them. */
const DOMAIN_FIELDS = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
  { name: 'salt', type: 'bytes32' },
];

/** `eth_signTypedData_v4` wants the domain's own type spelled out; libraries such as ethers leave it away. */
export function typedDataForWallet(data: TypedData): TypedData {
  if ('EIP712Domain' in data.types) return data;
  return {
    ...data,
    types: { EIP712Domain: DOMAIN_FIELDS.filter(({ name }) => name in data.domain), ...data.types },
  };
}
