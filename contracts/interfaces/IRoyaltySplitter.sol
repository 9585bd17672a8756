// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/**
 * Holds the royalties of one token and pays each contributor their share on request (pull). The shares are the leaves
 * under the token's contributors root; a claim brings its own Merkle proof, so nobody stores a list of payees on chain.
 */
interface IRoyaltySplitter {
    event Paid(address indexed asset, address indexed account, uint256 amount);

    error NotAContributor(address account, uint16 shareBps);
    error NothingDue(address account);

    /// `asset` zero means the chain's own coin. Anyone may call; the money always goes to `account`.
    function claim(
        address asset,
        address account,
        uint16 shareBps,
        bytes32[] calldata proof
    ) external returns (uint256 amount);

    function due(address asset, address account, uint16 shareBps) external view returns (uint256);

    function contributorsRoot() external view returns (bytes32);
}
