// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/**
 * Rebuilds the address of a manifest from its bare digest: CIDv1, dag-cbor (0x71), sha2-256 (0x12), 32 bytes (0x20),
 * in lower-case RFC 4648 base32 without padding behind the multibase letter `b`.
 */
library ManifestUri {
    bytes32 private constant ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

    function uri(bytes32 digest) internal pure returns (string memory) {
        return string.concat("ipfs://b", string(base32(abi.encodePacked(hex"01711220", digest))));
    }

    function base32(bytes memory data) internal pure returns (bytes memory text) {
        text = new bytes((data.length * 8 + 4) / 5);
        uint256 buffer;
        uint256 bits;
        uint256 written;
        for (uint256 i; i < data.length; ++i) {
            // At most 4 bits wait in the buffer, so 12 bits are ever in use.
            buffer = ((buffer & 0xff) << 8) | uint8(data[i]);
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                text[written++] = ALPHABET[(buffer >> bits) & 31];
            }
        }
        if (bits > 0) text[written] = ALPHABET[(buffer << (5 - bits)) & 31];
    }
}
