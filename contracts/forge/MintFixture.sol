// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Checks} from "./Vm.sol";
import {IWorkhallRevisions} from "../interfaces/IWorkhallRevisions.sol";
import {ContributorTree} from "../libraries/ContributorTree.sol";
import {WorkhallRevisions} from "../WorkhallRevisions.sol";

/// Builders: a group of people with keys, in the order the contract wants, and their signatures.
abstract contract MintFixture is Checks {
    WorkhallRevisions internal revisions;
    uint256 internal constant ATTESTER_KEY = 0xA77E57;
    address internal attester;
    address internal constant HOLDER = address(0x4011DE12);

    function setUp() public virtual {
        attester = vm.addr(ATTESTER_KEY);
        revisions = new WorkhallRevisions(address(this), attester);
    }

    /// `count` keys whose accounts rise strictly; shares as even as whole basis points allow.
    function people(uint256 count, uint256 seed)
        internal
        pure
        returns (uint256[] memory keys, IWorkhallRevisions.Contributor[] memory contributors)
    {
        keys = new uint256[](count);
        contributors = new IWorkhallRevisions.Contributor[](count);
        for (uint256 i; i < count; ++i) {
            uint256 key = (uint256(keccak256(abi.encode(seed, i))) % (2 ** 250)) + 1;
            address account = vm.addr(key);
            uint256 slot = i;
            while (slot > 0 && contributors[slot - 1].account > account) {
                contributors[slot].account = contributors[slot - 1].account;
                keys[slot] = keys[slot - 1];
                --slot;
            }
            contributors[slot].account = account;
            keys[slot] = key;
        }
        uint256 left = 10_000;
        for (uint256 i; i < count; ++i) {
            uint256 share = left / (count - i);
            contributors[i].shareBps = uint16(share);
            left -= share;
        }
    }

    function rootOf(IWorkhallRevisions.Contributor[] calldata contributors) external pure returns (bytes32) {
        return ContributorTree.root(contributors);
    }

    function termsFor(bytes32 manifestDigest, IWorkhallRevisions.Contributor[] memory contributors)
        internal
        view
        returns (IWorkhallRevisions.RevisionMint memory)
    {
        return
            IWorkhallRevisions.RevisionMint({
                manifestDigest: manifestDigest,
                contributorsRoot: this.rootOf(contributors),
                parentTokens: new uint256[](0),
                owner: HOLDER,
                royaltyBps: 500,
                deadline: block.timestamp + 30 days
            });
    }

    function signatureBy(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function signedBy(uint256[] memory keys, IWorkhallRevisions.RevisionMint memory terms)
        internal
        view
        returns (bytes[] memory signatures)
    {
        bytes32 digest = revisions.mintDigest(terms);
        signatures = new bytes[](keys.length);
        for (uint256 i; i < keys.length; ++i) signatures[i] = signatureBy(keys[i], digest);
    }

    function mintFor(bytes32 manifestDigest, uint256 count) internal returns (uint256) {
        (uint256[] memory keys, IWorkhallRevisions.Contributor[] memory contributors) = people(count, count);
        IWorkhallRevisions.RevisionMint memory terms = termsFor(manifestDigest, contributors);
        bytes[] memory signatures = signedBy(keys, terms);
        vm.prank(attester);
        return revisions.mint(terms, contributors, signatures);
    }
}
