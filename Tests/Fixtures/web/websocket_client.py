"""Talks to lab-swift's WebSocket server with the PyPI package websockets, and prints what it saw."""

import asyncio
import sys

import websockets

PLACE = sys.argv[1]


async def echo():
    # compression: it is offered, and the server declines.
    async with websockets.connect(PLACE + "/echo", max_size=None) as socket:
        await socket.send("Käse 🧀")
        print(await socket.recv())
        await socket.send(b"\x00\xff" * 1000)
        print(len(await socket.recv()))
        await socket.send("x" * 200_000)
        print(len(await socket.recv()))
        await socket.send(["in ", "three ", "fragments"])
        print(await socket.recv())
        await (await socket.ping(b"are you there"))
        print("pong")
        await socket.close(3001, "enough")
    print(socket.close_code, socket.close_reason)


async def chat():
    async with websockets.connect(PLACE + "/chat?name=Ada") as ada:
        print(await ada.recv())
        async with websockets.connect(PLACE + "/chat?name=Bob") as bob:
            print(await ada.recv())
            await ada.send("hello")
            print(await ada.recv())
            print([await bob.recv() for _ in range(3)])
        print(await ada.recv())
        await ada.send(b"octets")
        try:
            await ada.recv()
        except websockets.ConnectionClosed as closed:
            print(closed.rcvd.code, closed.rcvd.reason)


asyncio.run(echo())
asyncio.run(chat())
