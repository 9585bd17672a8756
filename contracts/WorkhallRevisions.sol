// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IWorkhallRevisions} from "./interfaces/IWorkhallRevisions.sol";
import {ContributorTree} from "./libraries/ContributorTree.sol";
import {ManifestUri} from "./libraries/ManifestUri.sol";
import {RoyaltySplitter} from "./RoyaltySplitter.sol";

/// Tokens for design revisions; see {IWorkhallRevisions} for what each call promises and README.md for the threats.
contract WorkhallRevisions is ERC721, EIP712, AccessControl, IERC2981, IWorkhallRevisions {
    bytes32 public constant ATTESTER_ROLE = keccak256("ATTESTER_ROLE");
    bytes32 public constant REVISION_MINT_TYPEHASH =
        keccak256(
            "RevisionMint(bytes32 manifestDigest,bytes32 contributorsRoot,uint256[] parentTokens,address owner,uint16 royaltyBps,uint256 deadline)"
        );
    bytes32 public constant MINT_ATTESTATION_TYPEHASH = keccak256("MintAttestation(bytes32 revisionMint)");
    /// 32 signatures stay near 0.5 M gas, far from any block limit; beyond that the root stands for the people.
    uint256 public constant MAX_SIGNATURES = 32;
    uint256 public constant MAX_PARENTS = 16;
    uint256 public constant MAX_ROYALTY_BPS = 1_000;

    /// Code shared by all splitters; each token's own clone carries only its root.
    address public immutable splitterCode;

    uint256 private _minted;
    mapping(uint256 tokenId => Revision) private _revisions;
    mapping(uint256 tokenId => uint64[]) private _parents;
    mapping(bytes32 manifestDigest => uint256 tokenId) private _tokenOf;

    constructor(address admin, address attester) ERC721("Workhall Revisions", "HALL") EIP712("Workhall Revisions", "1") {
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
        _grantRole(ATTESTER_ROLE, attester);
        splitterCode = address(new RoyaltySplitter());
    }

    function mint(
        RevisionMint calldata terms,
        Contributor[] calldata contributors,
        bytes[] calldata signatures
    ) external returns (uint256) {
        if (!hasRole(ATTESTER_ROLE, msg.sender)) revert NotAttested(msg.sender);
        return _mintSigned(terms, contributors, signatures);
    }

    function mintWithAttestation(
        RevisionMint calldata terms,
        Contributor[] calldata contributors,
        bytes[] calldata signatures,
        address attester,
        bytes calldata attestation
    ) external returns (uint256) {
        if (
            !hasRole(ATTESTER_ROLE, attester) ||
            !SignatureChecker.isValidSignatureNowCalldata(attester, attestationDigest(terms), attestation)
        ) revert NotAttested(attester);
        return _mintSigned(terms, contributors, signatures);
    }

    function mintLarge(
        RevisionMint calldata terms,
        uint16 contributorCount,
        bytes calldata ownerSignature
    ) external returns (uint256) {
        if (!hasRole(ATTESTER_ROLE, msg.sender)) revert NotAttested(msg.sender);
        // Below the limit everybody can sign, so nobody may be left out.
        if (contributorCount <= MAX_SIGNATURES) revert ContributorsOutOfRange(contributorCount);
        if (!SignatureChecker.isValidSignatureNowCalldata(terms.owner, mintDigest(terms), ownerSignature)) {
            revert BadSignature(terms.owner);
        }
        return _record(terms, contributorCount, false);
    }

    function _mintSigned(
        RevisionMint calldata terms,
        Contributor[] calldata contributors,
        bytes[] calldata signatures
    ) private returns (uint256) {
        uint256 count = contributors.length;
        if (count == 0 || count > MAX_SIGNATURES) revert ContributorsOutOfRange(count);
        if (signatures.length != count) revert SignatureCount(count, signatures.length);
        bytes32 root = ContributorTree.root(contributors);
        if (root != terms.contributorsRoot) revert RootMismatch(terms.contributorsRoot, root);
        bytes32 digest = mintDigest(terms);
        for (uint256 i; i < count; ++i) {
            address account = contributors[i].account;
            if (!SignatureChecker.isValidSignatureNowCalldata(account, digest, signatures[i])) {
                revert BadSignature(account);
            }
        }
        return _record(terms, uint16(count), true);
    }

    function _record(RevisionMint calldata terms, uint16 count, bool unanimous) private returns (uint256 tokenId) {
        if (block.timestamp > terms.deadline) revert DeadlinePassed(terms.deadline);
        if (terms.royaltyBps > MAX_ROYALTY_BPS) revert RoyaltyTooHigh(terms.royaltyBps, MAX_ROYALTY_BPS);
        uint256 existing = _tokenOf[terms.manifestDigest];
        if (existing != 0) revert AlreadyMinted(terms.manifestDigest, existing);

        tokenId = ++_minted;
        _tokenOf[terms.manifestDigest] = tokenId;
        _revisions[tokenId] = Revision({
            manifestDigest: terms.manifestDigest,
            contributorsRoot: terms.contributorsRoot,
            mintedAt: uint40(block.timestamp),
            contributorCount: count,
            royaltyBps: terms.royaltyBps,
            unanimous: unanimous
        });
        _recordParents(tokenId, terms.parentTokens);
        emit RevisionMinted(tokenId, terms.manifestDigest, terms.owner, terms.contributorsRoot, unanimous);
        // Last, because a receiving contract is called here and may call back.
        _safeMint(terms.owner, tokenId);
    }

    function _recordParents(uint256 tokenId, uint256[] calldata parents) private {
        if (parents.length > MAX_PARENTS) revert TooManyParents(parents.length);
        uint256 previous = 0;
        for (uint256 i; i < parents.length; ++i) {
            uint256 parent = parents[i];
            if (parent <= previous) revert ParentsNotSorted(i);
            // Ids are handed out in order, so "smaller and not zero" is "exists": lineage cannot have a cycle.
            if (parent >= tokenId) revert UnknownParent(parent);
            previous = parent;
            _parents[tokenId].push(uint64(parent));
            emit Derived(tokenId, parent);
        }
    }

    function mintDigest(RevisionMint calldata terms) public view returns (bytes32) {
        return _hashTypedDataV4(_structHash(terms));
    }

    function attestationDigest(RevisionMint calldata terms) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(MINT_ATTESTATION_TYPEHASH, _structHash(terms))));
    }

    function _structHash(RevisionMint calldata terms) private pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    REVISION_MINT_TYPEHASH,
                    terms.manifestDigest,
                    terms.contributorsRoot,
                    keccak256(abi.encodePacked(terms.parentTokens)),
                    terms.owner,
                    terms.royaltyBps,
                    terms.deadline
                )
            );
    }

    function revisionOf(uint256 tokenId) external view returns (Revision memory) {
        _requireOwned(tokenId);
        return _revisions[tokenId];
    }

    function tokenOf(bytes32 manifestDigest) external view returns (uint256) {
        return _tokenOf[manifestDigest];
    }

    function parentsOf(uint256 tokenId) external view returns (uint256[] memory parents) {
        _requireOwned(tokenId);
        uint64[] storage stored = _parents[tokenId];
        parents = new uint256[](stored.length);
        for (uint256 i; i < stored.length; ++i) parents[i] = stored[i];
    }

    function totalMinted() external view returns (uint256) {
        return _minted;
    }

    function tokenURI(uint256 tokenId) public view override returns (string memory) {
        _requireOwned(tokenId);
        return ManifestUri.uri(_revisions[tokenId].manifestDigest);
    }

    /// ERC-2981. The receiver is the token's splitter, whether or not its code is deployed yet.
    function royaltyInfo(uint256 tokenId, uint256 salePrice) external view returns (address, uint256) {
        uint256 royaltyBps = _revisions[tokenId].royaltyBps;
        if (royaltyBps == 0) return (address(0), 0);
        return (splitterOf(tokenId), (salePrice * royaltyBps) / 10_000);
    }

    function splitterOf(uint256 tokenId) public view returns (address) {
        _requireOwned(tokenId);
        return
            Clones.predictDeterministicAddressWithImmutableArgs(
                splitterCode,
                abi.encode(_revisions[tokenId].contributorsRoot),
                bytes32(tokenId)
            );
    }

    function deploySplitter(uint256 tokenId) external returns (address splitter) {
        splitter = splitterOf(tokenId);
        if (splitter.code.length > 0) return splitter;
        Clones.cloneDeterministicWithImmutableArgs(
            splitterCode,
            abi.encode(_revisions[tokenId].contributorsRoot),
            bytes32(tokenId)
        );
        emit SplitterDeployed(tokenId, splitter);
    }

    function supportsInterface(
        bytes4 interfaceId
    ) public view override(ERC721, AccessControl, IERC165) returns (bool) {
        return
            interfaceId == type(IERC2981).interfaceId ||
            interfaceId == type(IWorkhallRevisions).interfaceId ||
            super.supportsInterface(interfaceId);
    }
}
