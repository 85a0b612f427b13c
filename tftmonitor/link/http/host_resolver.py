"""The resolver of the links, as the HTTP library wants to have one."""

import socket

from aiohttp.abc import AbstractResolver, ResolveResult
from typing_extensions import override

from tftmonitor.link.resolver import resolve


class HostResolver(AbstractResolver):
    """Asks as the links do: in threads that nobody waits for at the program's end."""

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in await resolve(host, port)
        ]

    @override
    async def close(self) -> None:
        """Nothing is kept open."""
