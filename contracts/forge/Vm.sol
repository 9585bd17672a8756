// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// The part of forge's cheat codes that these tests use (forge-std on the registry is stale).
interface Vm {
    function addr(uint256 privateKey) external pure returns (address);
    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function prank(address sender) external;
    function warp(uint256 timestamp) external;
    function deal(address account, uint256 balance) external;
    function expectRevert(bytes calldata reason) external;
    function expectRevert() external;
    function assume(bool condition) external pure;
}

abstract contract Checks {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    error Unequal(string what, uint256 found, uint256 expected);
    error Untrue(string what);

    function same(string memory what, uint256 found, uint256 expected) internal pure {
        if (found != expected) revert Unequal(what, found, expected);
    }

    function holds(string memory what, bool condition) internal pure {
        if (!condition) revert Untrue(what);
    }
}
