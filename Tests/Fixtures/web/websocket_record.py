"""Talks over a WebSocket with the PyPI package websockets, and prints each frame that the package's
own log names, a line of JSON each. Usage: websocket_record.py URL [deflate]"""

import asyncio
import json
import logging
import sys

import websockets
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

URL = sys.argv[1]
KIND = sys.argv[2] if len(sys.argv) > 2 else "plain"

PACKING = {
    "plain": None,
    "deflate": [ClientPerMessageDeflateFactory(client_max_window_bits=True)],
    "small": [ClientPerMessageDeflateFactory(
        server_no_context_takeover=True, client_no_context_takeover=True,
        server_max_window_bits=10, client_max_window_bits=9)],
}


class Record(logging.Handler):
    def emit(self, record):
        frame = record.args[0] if record.args else None
        if isinstance(frame, websockets.frames.Frame):
            print(json.dumps({
                "sender": "client" if record.msg[0] == ">" else "server",
                "opcode": int(frame.opcode), "fin": frame.fin, "data": bytes(frame.data).hex(),
            }, separators=(",", ":")), flush=True)


async def talk():
    logger = logging.getLogger("websockets.client")
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    logger.addHandler(Record())
    async with websockets.connect(
            URL, compression=None, extensions=PACKING[KIND], max_size=None, ping_interval=None,
            subprotocols=["echo"]) as socket:
        for message in [
                "hello", "Käse 🧀", "", "a  b #1: \x1b[31m \"quoted\" <script>", b"\x00\xff" * 1000,
                "x" * 200_000, "y" * 126, b"z" * 65_536, "the same words again, the same words again",
                "the same words again, the same words again"]:
            await socket.send(message)
            await socket.recv()
        await (await socket.ping(b"are you there"))
        await (await socket.ping())

        async def pieces():
            yield "in "
            # A control frame between the frames of a message.
            await (await socket.ping(b"between"))
            yield "three "
            yield "fragments"

        await socket.send(pieces())
        await socket.recv()
        await socket.pong(b"unasked")
        await socket.send("close")
        try:
            await socket.recv()
            await socket.close(3001, "that is enough")
        except websockets.ConnectionClosed:
            pass


asyncio.run(talk())
