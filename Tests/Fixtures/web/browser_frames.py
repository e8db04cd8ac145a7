"""Opens a chat page in headless Chromium, says a few things and leaves, and prints what its DevTools
tell of the WebSocket, a line of JSON each."""

import asyncio
import base64
import json
import sys

import chromium
from chat_page import ChatPage

URL = sys.argv[1]


def tell(**fields):
    print(json.dumps(fields, separators=(",", ":")))


def show(event):
    method, parameters = event.get("method", ""), event.get("params", {})
    if method in ("Network.webSocketFrameSent", "Network.webSocketFrameReceived"):
        frame = parameters["response"]
        data = frame["payloadData"]
        octets = data.encode() if frame["opcode"] == 1 else base64.b64decode(data)
        tell(
            sender="client" if method.endswith("Sent") else "server", opcode=frame["opcode"],
            fin=True, data=octets.hex())
    elif method == "Network.webSocketHandshakeResponseReceived":
        tell(status=parameters["response"]["status"])
    elif method == "Network.webSocketClosed":
        tell(closed=True)


async def talk(port):
    page = await chromium.open_page(port, "about:blank", ChatPage)
    await page.call("Runtime.enable")
    await page.call("Network.enable")
    await page.call("Page.enable")
    await page.call("Page.navigate", url=URL)
    await page.wait("document.readyState == 'complete' && !!document.getElementById('door')")
    # The page keeps its socket to itself.
    await page.value(
        "window.WebSocket = class extends WebSocket {"
        " constructor(place) { super(place); window.socket = this } }; 0")
    await page.enter("Ada", "socket")
    await page.hear("Ada has come in")
    for words in ("hello", "K\u00e4se \U0001f9c0 & <b>", "x" * 2000):
        await page.say(words)
        await page.hear(words)
    await page.value("socket.close(3001, 'enough')")
    for _ in range(100):
        await page.value("1")
        if any(event.get("method") == "Network.webSocketClosed" for event in page.events):
            break
        await asyncio.sleep(0.05)
    for event in page.events:
        show(event)


chromium.run(talk, 45)
