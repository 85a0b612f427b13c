"""The bare limit: websockets on plain asyncio, bytes, the typed struct, and nothing more."""

import asyncio
import sys

import msgspec
from websockets.asyncio.client import connect

from tests.bench.bench_subject import Subject
from tftmonitor.protocol.channels import Channel, Credential, sign_in_frame
from tftmonitor.protocol.messages import Snapshot


async def main(url: str, name: str) -> None:
    received = 0
    decode = msgspec.json.Decoder(Snapshot, strict=False).decode
    async with connect(url, compression=None, max_queue=(4096, 1024)) as connection:
        await connection.send(sign_in_frame(Channel.DEVICES, Credential.from_password(name, "")))

        async def read() -> None:
            nonlocal received
            while True:
                decode(await connection.recv(decode=False))
                received += 1

        reader = asyncio.create_task(read())
        await Subject(lambda: received, {}).serve()
        reader.cancel()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
