"""A headless Chromium, driven over its own DevTools protocol, which is spoken over a WebSocket."""

import asyncio
import base64
import json
import os
import subprocess
import tempfile
import urllib.request

import websockets


class Page:
    """A window, and whatever it has told since it was opened."""

    def __init__(self, socket):
        self.socket = socket
        self.number = 0
        self.events = []

    async def call(self, method, **parameters):
        self.number += 1
        await self.socket.send(
            json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(await self.socket.recv())
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise SystemExit(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    async def value(self, script):
        answer = await self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise SystemExit(json.dumps(answer["exceptionDetails"]))
        return answer["result"].get("value")

    async def wait(self, script):
        for _ in range(400):
            if await self.value(script):
                return
            await asyncio.sleep(0.05)
        raise SystemExit("waited in vain for " + script)

    async def photograph(self, path, **options):
        picture = await self.call("Page.captureScreenshot", format="png", **options)
        with open(path, "wb") as file:
            file.write(base64.b64decode(picture["data"]))


async def open_page(port, url, kind=Page):
    request = urllib.request.Request(f"http://127.0.0.1:{port}/json/new?{url}", method="PUT")
    target = json.load(urllib.request.urlopen(request))
    return kind(await websockets.connect(target["webSocketDebuggerUrl"], max_size=None))


def run(visit, seconds, *options):
    """Starts the browser and lets `visit` use it, which is given its port; then ends it."""
    async def main():
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            browser = subprocess.Popen(
                ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu",
                 "--remote-debugging-port=0", "--user-data-dir=" + folder, *options, "about:blank"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                file = os.path.join(folder, "DevToolsActivePort")
                for _ in range(600):
                    if os.path.exists(file) and open(file).read().strip():
                        break
                    await asyncio.sleep(0.05)
                await asyncio.wait_for(visit(open(file).read().split()[0]), seconds)
            finally:
                browser.terminate()
                browser.wait()

    asyncio.run(main())
