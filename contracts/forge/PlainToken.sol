// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// The yardstick of the gas table: OpenZeppelin's ERC-721 with nothing added.
contract PlainToken is ERC721 {
    uint256 private _minted;

    constructor() ERC721("Plain", "PLAIN") {}

    function mint(address owner) external returns (uint256 tokenId) {
        tokenId = ++_minted;
        _safeMint(owner, tokenId);
    }
}
