"""Which hosts this server may send to or fetch from: the networks of an administration, never its own inside.

A webhook or a source of files is an address that somebody types. Pointed at this machine (127.0.0.1) or at where
machines keep their own secrets (169.254.169.254, 100.100.100.200), it would make the server ask what nobody outside may
ask. Addresses of private networks (10/8, 172.16/12, 192.168/16, fc00::/7) are what an intranet is made of and are good.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import TypeAlias

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
LOCAL = "地址指向本机（127.0.0.1、localhost 等），不允许使用；确需使用本机的，请设置 HOTLINE_LOCAL_TARGETS=1"
NOT_ALLOWED = "地址指向链路本地、云主机元数据、组播或保留地址，不允许使用；请填写对方自己的地址"
_METADATA = frozenset(map(ipaddress.ip_address, ("100.100.100.200", "fd00:ec2::254", "fd00:ec2::23")))
_THIS_NETWORK = ipaddress.ip_network("0.0.0.0/8")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_LOCAL_NAMES = (".localhost", ".localdomain")


def fault_of_name(host: str, *, local: bool = False) -> str:
    """Why a host may not be used, as far as its writing says: an address in any form, or a name of this machine.

    Names are looked up, and their addresses judged, at each connection (`fault_of`). `local` lets this machine pass.
    """
    plain = host.strip().rstrip(".").lower()
    address = _written(plain)
    if address is not None:
        return fault_of(address, local=local)
    named = plain in {"localhost", "ip6-localhost", "ip6-loopback"} or plain.endswith(_LOCAL_NAMES)
    return LOCAL if named and not local else ""


def fault_of(address: Address, *, local: bool = False) -> str:
    """Why an address may not be used, empty where it may."""
    inner = _inner(address)
    if inner.is_loopback:
        return "" if local else LOCAL
    unfit = inner.is_link_local or inner.is_multicast or inner.is_unspecified or inner.is_reserved
    return NOT_ALLOWED if unfit or inner in _METADATA or inner in _THIS_NETWORK else ""


def _written(host: str) -> Address | None:
    """The address that a host is written as, also in the old ways: 127.1, 0x7f000001, 2130706433."""
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        pass
    if not host or not all(part[:1].isdigit() for part in host.split(".")):
        return None
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def _inner(address: Address) -> Address:
    """The IPv4 address that is carried inside an IPv6 one: mapped, 6to4, Teredo, NAT64; else the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1] or address
