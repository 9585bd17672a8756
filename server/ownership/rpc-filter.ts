/** What strangers may ask of the chain through this hall: reading, and handing in what they have signed themselves. */
const PUBLIC_METHODS = new Set([
  'eth_blockNumber',
  'eth_call',
  'eth_chainId',
  'eth_estimateGas',
  'eth_feeHistory',
  'eth_gasPrice',
  'eth_getBalance',
  'eth_getBlockByHash',
  'eth_getBlockByNumber',
  'eth_getCode',
  'eth_getLogs',
  'eth_getStorageAt',
  'eth_getTransactionByHash',
  'eth_getTransactionCount',
  'eth_getTransactionReceipt',
  'eth_maxPriorityFeePerGas',
  'eth_sendRawTransaction',
  'eth_syncing',
  'net_version',
  'web3_clientVersion',
]);

/** anvil_*, evm_*, debug_*, eth_sendTransaction, eth_sign and the like never pass. */
export const isPublicMethod = (method: string): boolean => PUBLIC_METHODS.has(method);

export const isWrite = (method: string): boolean => method === 'eth_sendRawTransaction';
