// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {ContractWallet} from "./ContractWallet.sol";
import {MintFixture} from "./MintFixture.sol";
import {PlainToken} from "./PlainToken.sol";
import {IWorkhallRevisions} from "../interfaces/IWorkhallRevisions.sol";

contract WorkhallRevisionsTest is MintFixture {
    bytes32 internal constant DIGEST = keccak256("manifest");

    function testFuzz_everyGroupThatSignsGetsItsToken(bytes32 digest, uint8 size) public {
        uint256 count = (size % 32) + 1;
        uint256 tokenId = mintFor(digest, count);
        IWorkhallRevisions.Revision memory revision = revisions.revisionOf(tokenId);
        holds("holder", revisions.ownerOf(tokenId) == HOLDER);
        holds("digest", revision.manifestDigest == digest);
        holds("unanimous", revision.unanimous);
        same("people", revision.contributorCount, count);
        same("found by digest", revisions.tokenOf(digest), tokenId);
    }

    function testFuzz_oneWrongSignatureStopsTheMint(uint8 size, uint8 which, uint256 strangerSeed) public {
        uint256 count = (size % 8) + 1;
        uint256 wrong = which % count;
        (uint256[] memory keys, IWorkhallRevisions.Contributor[] memory contributors) = people(count, 7);
        IWorkhallRevisions.RevisionMint memory terms = termsFor(DIGEST, contributors);
        uint256 stranger = (strangerSeed % (2 ** 250)) + 1;
        vm.assume(stranger != keys[wrong]);
        keys[wrong] = stranger;
        bytes[] memory signatures = signedBy(keys, terms);
        vm.expectRevert(
            abi.encodeWithSelector(IWorkhallRevisions.BadSignature.selector, contributors[wrong].account)
        );
        vm.prank(attester);
        revisions.mint(terms, contributors, signatures);
    }

    function testFuzz_changedTermsNeedNewSignatures(uint8 field, uint256 value) public {
        (uint256[] memory keys, IWorkhallRevisions.Contributor[] memory contributors) = people(3, 11);
        IWorkhallRevisions.RevisionMint memory terms = termsFor(DIGEST, contributors);
        bytes[] memory signatures = signedBy(keys, terms);
        bytes32 before = revisions.mintDigest(terms);
        if (field % 4 == 0) terms.manifestDigest = bytes32(value);
        else if (field % 4 == 1) terms.owner = address(uint160(value));
        else if (field % 4 == 2) terms.royaltyBps = uint16(value % 1001);
        else terms.deadline = block.timestamp + (value % 1000 days);
        vm.assume(revisions.mintDigest(terms) != before);
        vm.expectRevert();
        vm.prank(attester);
        revisions.mint(terms, contributors, signatures);
    }

    function test_aManifestIsMintedOnce() public {
        uint256 first = mintFor(DIGEST, 2);
        (uint256[] memory keys, IWorkhallRevisions.Contributor[] memory contributors) = people(3, 5);
        IWorkhallRevisions.RevisionMint memory terms = termsFor(DIGEST, contributors);
        bytes[] memory signatures = signedBy(keys, terms);
        vm.expectRevert(abi.encodeWithSelector(IWorkhallRevisions.AlreadyMinted.selector, DIGEST, first));
        vm.prank(attester);
        revisions.mint(terms, contributors, signatures);
    }

    function test_aStrangerCannotMintEvenWithAllSignatures() public {
        (uint256[] memory keys, IWorkhallRevisions.Contributor[] memory contributors) = people(2, 5);
        IWorkhallRevisions.RevisionMint memory terms = termsFor(DIGEST, contributors);
        bytes[] memory signatures = signedBy(keys, terms);
        vm.expectRevert(abi.encodeWithSelector(IWorkhallRevisions.NotAttested.selector, address(0xBAD)));
        vm.prank(address(0xBAD));
        revisions.mint(terms, contributors, signatures);
    }

    function test_anybodyMayBringAnAttestedMint() public {
        (uint256[] memory keys, IWorkhallRevisions.Contributor[] memory contributors) = people(2, 5);
        IWorkhallRevisions.RevisionMint memory terms = termsFor(DIGEST, contributors);
        bytes[] memory signatures = signedBy(keys, terms);
        bytes memory attestation = signatureBy(ATTESTER_KEY, revisions.attestationDigest(terms));
        vm.prank(address(0xCAFE));
        uint256 tokenId = revisions.mintWithAttestation(terms, contributors, signatures, attester, attestation);
        holds("holder", revisions.ownerOf(tokenId) == HOLDER);
        // A contributor's signature is no attestation.
        terms.manifestDigest = keccak256("other");
        bytes memory forged = signatureBy(keys[0], revisions.attestationDigest(terms));
        bytes[] memory again = signedBy(keys, terms);
        vm.expectRevert(abi.encodeWithSelector(IWorkhallRevisions.NotAttested.selector, attester));
        revisions.mintWithAttestation(terms, contributors, again, attester, forged);
    }

    function test_aDeadlineEndsAnOffer() public {
        (uint256[] memory keys, IWorkhallRevisions.Contributor[] memory contributors) = people(2, 5);
        IWorkhallRevisions.RevisionMint memory terms = termsFor(DIGEST, contributors);
        bytes[] memory signatures = signedBy(keys, terms);
        vm.warp(terms.deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(IWorkhallRevisions.DeadlinePassed.selector, terms.deadline));
        vm.prank(attester);
        revisions.mint(terms, contributors, signatures);
    }

    function test_aContractWalletContributesAndHolds() public {
        uint256 key = 0x1271;
        ContractWallet wallet = new ContractWallet(vm.addr(key));
        IWorkhallRevisions.Contributor[] memory contributors = new IWorkhallRevisions.Contributor[](1);
        contributors[0] = IWorkhallRevisions.Contributor(address(wallet), 10_000);
        IWorkhallRevisions.RevisionMint memory terms = termsFor(DIGEST, contributors);
        terms.owner = address(wallet);
        bytes[] memory signatures = new bytes[](1);
        signatures[0] = signatureBy(key, revisions.mintDigest(terms));
        vm.prank(attester);
        uint256 tokenId = revisions.mint(terms, contributors, signatures);
        holds("holder", revisions.ownerOf(tokenId) == address(wallet));
    }

    function test_sharesMustBeWhole() public {
        (uint256[] memory keys, IWorkhallRevisions.Contributor[] memory contributors) = people(2, 5);
        IWorkhallRevisions.RevisionMint memory terms = termsFor(DIGEST, contributors);
        bytes[] memory signatures = signedBy(keys, terms);
        contributors[0].shareBps -= 1;
        vm.expectRevert(abi.encodeWithSelector(IWorkhallRevisions.SharesNotWhole.selector, 9_999));
        vm.prank(attester);
        revisions.mint(terms, contributors, signatures);
    }

    function test_nobodyIsCountedTwice() public {
        (uint256[] memory keys, IWorkhallRevisions.Contributor[] memory contributors) = people(2, 5);
        IWorkhallRevisions.RevisionMint memory terms = termsFor(DIGEST, contributors);
        bytes[] memory signatures = signedBy(keys, terms);
        contributors[1] = contributors[0];
        vm.expectRevert(abi.encodeWithSelector(IWorkhallRevisions.ContributorsNotSorted.selector, 1));
        vm.prank(attester);
        revisions.mint(terms, contributors, signatures);
    }

    function test_lineageNamesItsParents() public {
        mintFor(keccak256("a"), 1);
        mintFor(keccak256("b"), 2);
        (uint256[] memory keys, IWorkhallRevisions.Contributor[] memory contributors) = people(2, 5);
        IWorkhallRevisions.RevisionMint memory terms = termsFor(DIGEST, contributors);
        terms.parentTokens = new uint256[](2);
        terms.parentTokens[0] = 1;
        terms.parentTokens[1] = 2;
        bytes[] memory signatures = signedBy(keys, terms);
        vm.prank(attester);
        uint256 child = revisions.mint(terms, contributors, signatures);
        uint256[] memory parents = revisions.parentsOf(child);
        same("parents", parents.length, 2);
        same("second parent", parents[1], 2);
    }

    function testFuzz_aParentMustExist(uint256 parent) public {
        vm.assume(parent != 0);
        (uint256[] memory keys, IWorkhallRevisions.Contributor[] memory contributors) = people(1, 5);
        IWorkhallRevisions.RevisionMint memory terms = termsFor(DIGEST, contributors);
        terms.parentTokens = new uint256[](1);
        terms.parentTokens[0] = parent;
        bytes[] memory signatures = signedBy(keys, terms);
        vm.expectRevert(abi.encodeWithSelector(IWorkhallRevisions.UnknownParent.selector, parent));
        vm.prank(attester);
        revisions.mint(terms, contributors, signatures);
    }

    function test_aLargeGroupIsNotCalledUnanimous() public {
        (, IWorkhallRevisions.Contributor[] memory contributors) = people(40, 5);
        IWorkhallRevisions.RevisionMint memory terms = termsFor(DIGEST, contributors);
        uint256 ownerKey = 0x0123;
        terms.owner = vm.addr(ownerKey);
        bytes memory signature = signatureBy(ownerKey, revisions.mintDigest(terms));
        vm.prank(attester);
        uint256 tokenId = revisions.mintLarge(terms, 40, signature);
        holds("not unanimous", !revisions.revisionOf(tokenId).unanimous);
        // A small group cannot take that road.
        vm.expectRevert(abi.encodeWithSelector(IWorkhallRevisions.ContributorsOutOfRange.selector, 32));
        vm.prank(attester);
        revisions.mintLarge(terms, 32, signature);
    }

    /// Vector: CIDv1 dag-cbor sha2-256 of the empty map (byte 0xa0), computed with multiformats.
    function test_theUriIsTheManifestsCid() public {
        uint256 tokenId = mintFor(sha256(hex"a0"), 1);
        holds(
            "uri",
            keccak256(bytes(revisions.tokenURI(tokenId))) ==
                keccak256("ipfs://bafyreigbtj4x7ip5legnfznufuopl4sg4knzc2cof6duas4b3q2fy6swua")
        );
    }

    function test_royaltiesGoToTheSplitter() public {
        uint256 tokenId = mintFor(DIGEST, 2);
        (address receiver, uint256 amount) = revisions.royaltyInfo(tokenId, 1 ether);
        holds("receiver", receiver == revisions.splitterOf(tokenId));
        same("5 %", amount, 0.05 ether);
    }

    function test_interfacesAreDeclared() public view {
        holds("165", revisions.supportsInterface(type(IERC165).interfaceId));
        holds("721", revisions.supportsInterface(type(IERC721).interfaceId));
        holds("721 metadata", revisions.supportsInterface(0x5b5e139f));
        holds("2981", revisions.supportsInterface(type(IERC2981).interfaceId));
        holds("revisions", revisions.supportsInterface(type(IWorkhallRevisions).interfaceId));
        holds("not all", !revisions.supportsInterface(0xffffffff));
    }

    function test_gas_plainMintForComparison() public {
        PlainToken plain = new PlainToken();
        plain.mint(HOLDER);
        plain.mint(HOLDER);
    }
}
