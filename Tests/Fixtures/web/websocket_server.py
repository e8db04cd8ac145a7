"""A WebSocket server made with the PyPI package websockets, for lab-swift connect websocket."""

import asyncio
import sys

import websockets


async def serve(socket):
    async for message in socket:
        if message == "fragments":
            await socket.send(["in ", "three ", "fragments"])
        elif message == "ping":
            await (await socket.ping(b"from the server"))
            await socket.send("there was a pong")
        elif message == "octets":
            await socket.send(b"\x00\x01\x02")
        elif message == "close":
            await socket.close(4001, "enough")
        else:
            await socket.send(message)


async def main():
    async with websockets.serve(serve, "127.0.0.1", int(sys.argv[1])):
        print("ready", flush=True)
        await asyncio.Future()


asyncio.run(main())
