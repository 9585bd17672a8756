// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {ContributorTree} from "./libraries/ContributorTree.sol";
import {IRoyaltySplitter} from "./interfaces/IRoyaltySplitter.sol";

/**
 * One small clone per token, with the contributors root in its code. Pull instead of push: paying ten new accounts in
 * one transaction costs 378 k gas and one refusing account blocks all; a claim costs the claimant alone.
 */
contract RoyaltySplitter is IRoyaltySplitter {
    /// asset => account => paid so far; asset zero is the chain's own coin.
    mapping(address asset => mapping(address account => uint256)) public paid;
    mapping(address asset => uint256) public totalPaid;

    receive() external payable {}

    function contributorsRoot() public view returns (bytes32) {
        return abi.decode(Clones.fetchCloneArgs(address(this)), (bytes32));
    }

    function due(address asset, address account, uint16 shareBps) public view returns (uint256) {
        uint256 balance = asset == address(0) ? address(this).balance : IERC20(asset).balanceOf(address(this));
        uint256 entitled = ((balance + totalPaid[asset]) * shareBps) / 10_000;
        uint256 already = paid[asset][account];
        return entitled > already ? entitled - already : 0;
    }

    function claim(
        address asset,
        address account,
        uint16 shareBps,
        bytes32[] calldata proof
    ) external returns (uint256 amount) {
        if (!MerkleProof.verifyCalldata(proof, contributorsRoot(), ContributorTree.leaf(account, shareBps))) {
            revert NotAContributor(account, shareBps);
        }
        amount = due(asset, account, shareBps);
        if (amount == 0) revert NothingDue(account);
        // Books before money: a claimant that calls back finds nothing due.
        paid[asset][account] += amount;
        totalPaid[asset] += amount;
        emit Paid(asset, account, amount);
        if (asset == address(0)) Address.sendValue(payable(account), amount);
        else SafeERC20.safeTransfer(IERC20(asset), account, amount);
    }
}
