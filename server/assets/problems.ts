import type { CID } from '#protocol/journal/block';
import { WorkhallError } from '#protocol/errors';

const scope = 'assets';

/** Everything that can go wrong with stored content, in one place. */
export const problems = {
  badCid: (text: string) =>
    new WorkhallError(scope, 'bad_cid', `"${text.slice(0, 130)}" is not a content address (CID).`, {
      facts: { cid: text.slice(0, 130) },
      next: 'Check that the address was copied whole.',
    }),
  hashUnsupported: (cid: CID) =>
    new WorkhallError(scope, 'hash_unsupported', `The content address ${cid} uses a hash other than SHA-256.`, {
      facts: { cid: `${cid}`, hash: cid.multihash.code },
      next: 'Add the file again with sha2-256, the default of every IPFS tool.',
    }),
  codecUnsupported: (cid: CID) =>
    new WorkhallError(scope, 'codec_unsupported', `Block ${cid} has a format that Workhall cannot walk.`, {
      facts: { cid: `${cid}`, codec: cid.code },
      next: 'Only raw, dag-pb and dag-cbor blocks belong to files, journals and manifests.',
    }),
  blockNotFound: (cid: CID, cause?: unknown) =>
    new WorkhallError(scope, 'block_not_found', `Block ${cid} is not stored here.`, {
      facts: { cid: `${cid}` },
      status: 404,
      cause,
      next: 'Restore it from a backup, or import a CAR that holds it.',
    }),
  blockCorrupt: (cid: CID, cause?: unknown) =>
    new WorkhallError(scope, 'block_corrupt', `The bytes of block ${cid} are not what its address names.`, {
      facts: { cid: `${cid}` },
      status: 500,
      cause,
      next: 'Do not use this content. Put the original file or a backup in again: good bytes replace bad ones.',
    }),
  blockTooLarge: (cid: CID, size: number, limit: number) =>
    new WorkhallError(
      scope,
      'block_too_large',
      `Block ${cid} has ${size} bytes; IPFS nodes exchange at most ${limit}.`,
      {
        facts: { cid: `${cid}`, size, limit },
        status: 413,
        next: 'Store it as a file: files are cut into blocks.',
      },
    ),
  notAFile: (cid: CID, cause?: unknown) =>
    new WorkhallError(scope, 'not_a_file', `${cid} is not a file.`, {
      facts: { cid: `${cid}` },
      cause,
      next: 'Read it as a block, or ask for its CAR.',
    }),
  carMalformed: (cause?: unknown) =>
    new WorkhallError(scope, 'car_malformed', 'The archive is not a complete CARv1 file.', {
      cause,
      next: 'Export or download it again.',
    }),
  rootMismatch: (expected: CID, got: string) =>
    new WorkhallError(scope, 'root_mismatch', `The IPFS node stored ${got} where ${expected} was sent.`, {
      facts: { expected: `${expected}`, got },
      status: 502,
      next: 'Check the IPFS node at IPFS_API_URL; nothing was kept under the wrong address.',
    }),
  nodeUnreachable: (url: string, cause: unknown) =>
    new WorkhallError(scope, 'node_unreachable', `The IPFS node at ${url} does not answer.`, {
      facts: { url },
      status: 503,
      cause,
      next: 'Start the node, or unset IPFS_API_URL to use the embedded one.',
    }),
  nodeTimeout: (url: string, timeoutMs: number, cause: unknown) =>
    new WorkhallError(scope, 'node_timeout', `The IPFS node at ${url} did not answer within ${timeoutMs} ms.`, {
      facts: { url, timeoutMs },
      status: 504,
      cause,
      next: 'Try again; if it stays, look at the load of the node.',
    }),
  nodeFailed: (url: string, cause: unknown) =>
    new WorkhallError(scope, 'node_failed', `The IPFS node at ${url} refused the request.`, {
      facts: { url, reason: cause instanceof Error ? cause.message.slice(0, 300) : `${cause}` },
      status: 502,
      cause,
      next: 'The node’s own log says more.',
    }),
};
