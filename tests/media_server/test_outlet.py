from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from media_server.outlet import BATCH, BatchOutlet, Outlet, SingleOutlet, new_outlet, sendmmsg
from media_server.traffic import Traffic

Make = Callable[[socket.socket, Traffic], Outlet]


def _bound(stack: ExitStack, family: socket.AddressFamily, host: str) -> socket.socket:
    sock = stack.enter_context(socket.socket(family, socket.SOCK_DGRAM))
    sock.setblocking(False)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    sock.bind((host, 0))
    return sock


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


@pytest.mark.parametrize("make", [new_outlet, SingleOutlet])
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_every_datagram_reaches_its_own_address_in_order(
    stack: ExitStack, make: Make, host: str
) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sender, traffic = _bound(stack, family, host), Traffic()
    receivers = [_bound(stack, family, host) for _ in range(3)]
    outlet = make(sender, traffic)
    targets = [outlet.target(each.getsockname()[:2]) for each in receivers]
    for number in range(BATCH):
        for at, target in enumerate(targets):
            outlet.put(bytes([number, at]) * (number + 1), target)
    await asyncio.sleep(0)
    for at, each in enumerate(receivers):
        got = [each.recv(4096) for _ in range(BATCH)]
        assert got == [bytes([number, at]) * (number + 1) for number in range(BATCH)]
    assert (traffic.packets_out, traffic.dropped) == (3 * BATCH, 0)
    assert traffic.bytes_out == 3 * sum(2 * (number + 1) for number in range(BATCH))


@pytest.mark.skipif(sendmmsg() is None, reason="this platform sends datagrams one by one")
async def test_a_datagram_the_kernel_refuses_takes_no_other_with_it(stack: ExitStack) -> None:
    sender, receiver = (_bound(stack, socket.AF_INET, "127.0.0.1") for _ in range(2))
    traffic = Traffic()
    outlet = new_outlet(sender, traffic)
    assert isinstance(outlet, BatchOutlet)
    good, bad = outlet.target(receiver.getsockname()), outlet.target(("255.255.255.255", 9))
    for number, target in enumerate((good, bad, good, bad, bad, good)):
        outlet.put(bytes([number]), target)
    outlet.flush()
    assert [receiver.recv(10) for _ in range(3)] == [b"\x00", b"\x02", b"\x05"]
    assert (traffic.packets_out, traffic.dropped) == (3, 3)


async def test_after_the_socket_is_closed_nothing_is_raised(stack: ExitStack) -> None:
    sender, traffic = _bound(stack, socket.AF_INET, "127.0.0.1"), Traffic()
    outlet = new_outlet(sender, traffic)
    outlet.put(b"late", outlet.target(("127.0.0.1", 9)))
    sender.close()
    await asyncio.sleep(0)
    outlet.flush()
    assert (traffic.packets_out, traffic.dropped) == (0, 1)
