"""Which addresses may be reached, by an own table: `ipaddress.is_global` passes several that lead inside.

Sources: IANA's IPv4 and IPv6 special-purpose address registries.
"""

from __future__ import annotations

import ipaddress

_V4_DENIED = [
    ipaddress.IPv4Network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
]
_V6_ALLOWED = ipaddress.IPv6Network("2000::/3")
_V6_DENIED = [ipaddress.IPv6Network(block) for block in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]


def is_public(address: str) -> bool:
    """Whether this is a plain global unicast address."""
    parsed = ipaddress.ip_address(address)
    if isinstance(parsed, ipaddress.IPv4Address):
        return not any(parsed in block for block in _V4_DENIED)
    return parsed.scope_id is None and parsed in _V6_ALLOWED and not any(parsed in block for block in _V6_DENIED)
