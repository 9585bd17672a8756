// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {IWorkhallRevisions} from "../interfaces/IWorkhallRevisions.sol";

/**
 * Merkle tree over (account, shareBps). Leaves are hashed twice, so that no inner node can pose as a leaf; pairs are
 * hashed in sorted order, so that OpenZeppelin's MerkleProof reads the proofs; an odd node rises unchanged.
 * `protocol/ownership/contributor-tree.ts` builds the same tree.
 */
library ContributorTree {
    function leaf(address account, uint16 shareBps) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(account, shareBps))));
    }

    /// Checks order and sum on the way. Reverts when accounts do not rise strictly or shares are not 10000 in sum.
    function root(IWorkhallRevisions.Contributor[] calldata contributors) internal pure returns (bytes32) {
        uint256 width = contributors.length;
        bytes32[] memory level = new bytes32[](width);
        uint256 sumBps;
        address previous = address(0);
        for (uint256 i; i < width; ++i) {
            address account = contributors[i].account;
            uint16 shareBps = contributors[i].shareBps;
            if (account <= previous) revert IWorkhallRevisions.ContributorsNotSorted(i);
            if (shareBps == 0) revert IWorkhallRevisions.EmptyShare(account);
            previous = account;
            sumBps += shareBps;
            level[i] = leaf(account, shareBps);
        }
        if (sumBps != 10_000) revert IWorkhallRevisions.SharesNotWhole(sumBps);
        while (width > 1) {
            uint256 half = width / 2;
            for (uint256 i; i < half; ++i) {
                level[i] = Hashes.commutativeKeccak256(level[2 * i], level[2 * i + 1]);
            }
            if (width % 2 == 1) {
                level[half] = level[width - 1];
                width = half + 1;
            } else {
                width = half;
            }
        }
        return level[0];
    }
}
