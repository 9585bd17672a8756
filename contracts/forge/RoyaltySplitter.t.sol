// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ContributorTree} from "../libraries/ContributorTree.sol";
import {IRoyaltySplitter} from "../interfaces/IRoyaltySplitter.sol";
import {IWorkhallRevisions} from "../interfaces/IWorkhallRevisions.sol";
import {RoyaltySplitter} from "../RoyaltySplitter.sol";
import {MintFixture} from "./MintFixture.sol";

/// What forge reads to know which calls it may make up.
struct FuzzSelector {
    address addr;
    bytes4[] selectors;
}

/// Two people and a token whose splitter is paid and claimed from in any order.
contract RoyaltyBuyers is MintFixture {
    IWorkhallRevisions.Contributor[] public people2;
    bytes32[] internal leaves;
    RoyaltySplitter public splitter;
    uint256 public received;

    /// Not in the constructor: the fixture calls itself, and a contract has no code while it is being built.
    function open() external {
        setUp();
        uint256 tokenId = mintFor(keccak256("sold"), 2);
        (, IWorkhallRevisions.Contributor[] memory contributors) = people(2, 2);
        for (uint256 i; i < 2; ++i) {
            people2.push(contributors[i]);
            leaves.push(ContributorTree.leaf(contributors[i].account, contributors[i].shareBps));
        }
        splitter = RoyaltySplitter(payable(revisions.deploySplitter(tokenId)));
    }

    function pay(uint96 amount) external {
        vm.deal(address(this), amount);
        received += amount;
        (bool sent, ) = address(splitter).call{value: amount}("");
        holds("paid in", sent);
    }

    function claim(uint8 who) external {
        uint256 i = who % 2;
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = leaves[1 - i];
        if (splitter.due(address(0), people2[i].account, people2[i].shareBps) == 0) return;
        splitter.claim(address(0), people2[i].account, people2[i].shareBps, proof);
    }
}

contract RoyaltySplitterTest is MintFixture {
    RoyaltyBuyers internal buyers;

    function setUp() public override {
        super.setUp();
        buyers = new RoyaltyBuyers();
        buyers.open();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(buyers);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0].addr = address(buyers);
        targets[0].selectors = new bytes4[](2);
        targets[0].selectors[0] = RoyaltyBuyers.pay.selector;
        targets[0].selectors[1] = RoyaltyBuyers.claim.selector;
    }

    function invariant_nobodyGetsMoreThanTheirShareAndNothingIsLost() public view {
        RoyaltySplitter splitter = buyers.splitter();
        uint256 paidOut = splitter.totalPaid(address(0));
        same("books", address(splitter).balance + paidOut, buyers.received());
        for (uint256 i; i < 2; ++i) {
            (address account, uint16 shareBps) = buyers.people2(i);
            holds("share", splitter.paid(address(0), account) <= (buyers.received() * shareBps) / 10_000);
            same("arrived", account.balance, splitter.paid(address(0), account));
        }
    }

    function test_moneySentBeforeDeploymentIsNotLost() public {
        uint256 tokenId = mintFor(keccak256("early"), 1);
        address target = revisions.splitterOf(tokenId);
        vm.deal(address(this), 1 ether);
        (bool sent, ) = target.call{value: 1 ether}("");
        holds("sent", sent);
        holds("same address", revisions.deploySplitter(tokenId) == target);
        holds("deploying twice changes nothing", revisions.deploySplitter(tokenId) == target);
        (, IWorkhallRevisions.Contributor[] memory contributors) = people(1, 1);
        RoyaltySplitter(payable(target)).claim(address(0), contributors[0].account, 10_000, new bytes32[](0));
        same("claimed", contributors[0].account.balance, 1 ether);
    }

    function testFuzz_aStrangerClaimsNothing(address stranger, uint16 shareBps) public {
        RoyaltySplitter splitter = buyers.splitter();
        (address first, ) = buyers.people2(0);
        (address second, ) = buyers.people2(1);
        vm.assume(stranger != first && stranger != second);
        vm.expectRevert(abi.encodeWithSelector(IRoyaltySplitter.NotAContributor.selector, stranger, shareBps));
        splitter.claim(address(0), stranger, shareBps, new bytes32[](0));
    }
}

/// Any sequence of mints keeps the collection's books.
contract MintingHall is MintFixture {
    mapping(bytes32 => bool) public known;
    uint256 public minted;

    function open() external {
        setUp();
    }

    function mintSome(uint8 manifest, uint8 size) external {
        bytes32 digest = keccak256(abi.encode(manifest));
        if (known[digest]) return;
        known[digest] = true;
        ++minted;
        same("ids are handed out in order", mintFor(digest, (size % 4) + 1), minted);
        same("found by digest", revisions.tokenOf(digest), minted);
    }

    function totalMinted() external view returns (uint256) {
        return revisions.totalMinted();
    }

    function held() external view returns (uint256) {
        return revisions.balanceOf(HOLDER);
    }
}

contract MintingInvariants is MintFixture {
    MintingHall internal hall;

    function setUp() public override {
        hall = new MintingHall();
        hall.open();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(hall);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0].addr = address(hall);
        targets[0].selectors = new bytes4[](1);
        targets[0].selectors[0] = MintingHall.mintSome.selector;
    }

    function invariant_oneTokenPerManifest() public view {
        same("counted", hall.totalMinted(), hall.minted());
        same("held", hall.held(), hall.minted());
    }
}
