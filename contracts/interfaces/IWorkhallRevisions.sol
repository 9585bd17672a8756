// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/**
 * Tokens for design revisions. One token = one manifest on IPFS = one state of a design, with the people who made it.
 *
 * The chain cannot read a manifest. So two parties vouch for a mint: an *attester* (the hall, which checked that the
 * contributors are those the manifest names) and *every contributor* (who agrees to the shares, the parents, the first
 * holder and the royalty). Neither can mint without the other.
 */
interface IWorkhallRevisions {
    /// One leaf of the contributors tree. Shares are basis points of the whole, 10000 in sum.
    struct Contributor {
        address account;
        uint16 shareBps;
    }

    /// What the contributors sign (EIP-712). `contributorsRoot` stands for the list.
    struct RevisionMint {
        bytes32 manifestDigest;
        bytes32 contributorsRoot;
        uint256[] parentTokens;
        address owner;
        uint16 royaltyBps;
        uint256 deadline;
    }

    /// What a token remembers.
    struct Revision {
        bytes32 manifestDigest;
        bytes32 contributorsRoot;
        /// Unix seconds of the block: priority in time.
        uint40 mintedAt;
        uint16 contributorCount;
        uint16 royaltyBps;
        /// True when every contributor's signature was checked on chain (at most MAX_SIGNATURES people).
        bool unanimous;
    }

    event RevisionMinted(
        uint256 indexed tokenId,
        bytes32 indexed manifestDigest,
        address indexed owner,
        bytes32 contributorsRoot,
        bool unanimous
    );
    /// One per parent: `child` derives from `parent`.
    event Derived(uint256 indexed child, uint256 indexed parent);
    event SplitterDeployed(uint256 indexed tokenId, address splitter);

    error AlreadyMinted(bytes32 manifestDigest, uint256 tokenId);
    error DeadlinePassed(uint256 deadline);
    error NotAttested(address attester);
    error SignatureCount(uint256 contributors, uint256 signatures);
    error BadSignature(address contributor);
    /// Accounts must rise strictly: one leaf per account, one root per set.
    error ContributorsNotSorted(uint256 index);
    error ContributorsOutOfRange(uint256 count);
    error SharesNotWhole(uint256 sumBps);
    error EmptyShare(address contributor);
    error RootMismatch(bytes32 expected, bytes32 computed);
    error RoyaltyTooHigh(uint256 royaltyBps, uint256 maximumBps);
    error UnknownParent(uint256 tokenId);
    error ParentsNotSorted(uint256 index);
    error TooManyParents(uint256 count);

    /// Mints with every contributor's signature, `signatures[i]` by `contributors[i]`. The caller must be an attester.
    function mint(
        RevisionMint calldata terms,
        Contributor[] calldata contributors,
        bytes[] calldata signatures
    ) external returns (uint256 tokenId);

    /// The same for any caller who holds an attester's signature over {attestationDigest}.
    function mintWithAttestation(
        RevisionMint calldata terms,
        Contributor[] calldata contributors,
        bytes[] calldata signatures,
        address attester,
        bytes calldata attestation
    ) external returns (uint256 tokenId);

    /// More people than fit in one transaction: the root stands for them, the first holder signs, `unanimous` is false.
    function mintLarge(
        RevisionMint calldata terms,
        uint16 contributorCount,
        bytes calldata ownerSignature
    ) external returns (uint256 tokenId);

    /// The EIP-712 digest that contributors sign.
    function mintDigest(RevisionMint calldata terms) external view returns (bytes32);

    /// The EIP-712 digest that an attester signs for {mintWithAttestation}.
    function attestationDigest(RevisionMint calldata terms) external view returns (bytes32);

    function revisionOf(uint256 tokenId) external view returns (Revision memory);

    /// Zero when the manifest was never minted; ids start at 1.
    function tokenOf(bytes32 manifestDigest) external view returns (uint256);

    function parentsOf(uint256 tokenId) external view returns (uint256[] memory);

    /// Where royalties of this token go. The address is fixed from the mint on; the code is put there by {deploySplitter}.
    function splitterOf(uint256 tokenId) external view returns (address);

    function deploySplitter(uint256 tokenId) external returns (address);

    function totalMinted() external view returns (uint256);
}
