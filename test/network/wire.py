#!/usr/bin/env python3
"""A line between this network namespace and another, as bad as one likes, without the kernel's netem.

Opens a TUN device in each of them and carries packets between the two: with a delay, a loss, a rate, and blackouts.
Both ends run the kernel's own TCP, which notices, waits and sends again as on a real line.

    wire.py NAME NAMESPACE ADDRESS_THERE ADDRESS_HERE

reads lines of JSON from standard input: {"delayMs": one way, "loss": 0..1, "kbit": 0 for as fast as it goes, "isCut": …};
writes "ready" once, and one line of JSON with counters when its input ends. Its chance is seeded: {"seed": …}.
"""
import ctypes, fcntl, heapq, json, os, random, select, struct, subprocess, sys, time

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 1, 0x1000
CLONE_NEWNET = 0x40000000
# What a router keeps before it drops: bytes that wait for a slow line. About 300 ms at 1 Mbit/s, 4 s at 64 kbit/s.
QUEUE_BYTES = 32 * 1024
libc = ctypes.CDLL(None, use_errno=True)


def enter(namespace):
    with open(f"/var/run/netns/{namespace}") as handle:
        if libc.setns(handle.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")


def open_end(name, namespace, address, peer):
    """A TUN device in a namespace (or here, for "-"); its file may be read from anywhere."""
    if namespace != "-":
        enter(namespace)
    end = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(end, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    for command in (
        ["ip", "link", "set", "lo", "up"],
        ["ip", "addr", "add", address, "peer", peer, "dev", name],
        ["ip", "link", "set", name, "mtu", "1400", "up"],
    ):
        subprocess.run(command, check=True)
    return end


class Way:
    """One direction."""

    def __init__(self, to):
        self.to = to
        self.free_at = 0.0  # when the slow line has carried what was given to it
        self.waiting = []
        self.n = 0
        self.carried = self.lost = self.dropped = 0

    def take(self, packet, now, line):
        if line["isCut"] or random.random() < line["loss"]:
            self.lost += 1
            return
        start = max(now, self.free_at)
        per_byte = 8 / (line["kbit"] * 1000) if line["kbit"] else 0
        if per_byte and (start - now) / per_byte > QUEUE_BYTES:
            self.dropped += 1
            return
        self.free_at = start + len(packet) * per_byte
        self.n += 1
        heapq.heappush(self.waiting, (self.free_at + line["delayMs"] / 1000, self.n, packet))

    def deliver(self, now, line):
        while self.waiting and self.waiting[0][0] <= now:
            packet = heapq.heappop(self.waiting)[2]
            if line["isCut"]:
                self.lost += 1
                continue
            try:
                os.write(self.to, packet)
                self.carried += 1
            except (BlockingIOError, OSError):
                self.dropped += 1


def main():
    name, near_name, near_address, far_address = sys.argv[1:5]
    # The far end first: it is where we are now.
    far = open_end(name, "-", far_address, near_address)
    near = open_end(name, near_name, near_address, far_address)
    subprocess.run(["ip", "route", "add", "default", "dev", name], check=True)
    line = {"delayMs": 0, "loss": 0, "kbit": 0, "isCut": False}
    up, down = Way(far), Way(near)
    ways = {near: up, far: down}
    print("ready", flush=True)
    rest = b""
    poller = select.poll()
    for end in (near, far, sys.stdin.fileno()):
        poller.register(end, select.POLLIN)
    while True:
        now = time.monotonic()
        next_at = min((way.waiting[0][0] for way in (up, down) if way.waiting), default=now + 1)
        events = poller.poll(max(0, (next_at - now) * 1000))
        now = time.monotonic()
        for end, _ in events:
            if end == sys.stdin.fileno():
                text = os.read(end, 65536)
                if not text:
                    total = {"up": vars(up), "down": vars(down)}
                    counters = ("carried", "lost", "dropped")
                    print(json.dumps({k: {c: v[c] for c in counters} for k, v in total.items()}), flush=True)
                    return
                *orders, rest = (rest + text).split(b"\n")
                for order in orders:
                    change = json.loads(order)
                    if "seed" in change:
                        random.seed(change.pop("seed"))
                    line.update(change)
                continue
            try:
                while True:
                    ways[end].take(os.read(end, 2048), now, line)
            except BlockingIOError:
                pass
        for way in (up, down):
            way.deliver(time.monotonic(), line)


main()
