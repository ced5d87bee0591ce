"""Whom a network address stands for when tries are counted."""

import ipaddress


def network_of(address: str) -> str:
    """An IPv4 address as it is; of IPv6 the first 64 bits, since one household or phone has all that follow them."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is None:
            return str(ipaddress.ip_network((found, 64), strict=False))
        return str(found.ipv4_mapped)
    return str(found)
