"""From where a request came."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

#: What one household or office gets of IPv6 at most: within it addresses are changed at will.
HOUSEHOLD = 56


def neighbours(address: str) -> tuple[str, str]:
    """First and last address that one person may have besides this one: for limits an address. Of IPv4 itself."""
    one = ipaddress.ip_address(address)
    if one.version == 4:
        return address, address
    network = ipaddress.ip_network((one, HOUSEHOLD), strict=False)
    return str(network[0]), str(network[-1])


def client_address(request: HttpRequest) -> str | None:
    """The client's IP address; None if there is none.

    Each of our proxies (settings.TRUSTED_PROXIES) appends to X-Forwarded-For whom it spoke with, so ours
    count from the right; what stands further left was written by the client and is not believed.
    """
    seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    seen.append(request.META.get("REMOTE_ADDR", ""))
    address = seen[max(0, len(seen) - 1 - settings.TRUSTED_PROXIES)]
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None
