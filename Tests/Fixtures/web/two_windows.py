"""Opens a chat page in two windows of headless Chromium, one by WebSocket and one by long polling,
and lets them talk. Prints what each of them shows.

The browser is driven over its own DevTools protocol, which is spoken over a WebSocket.
"""

import asyncio
import base64
import json
import os
import subprocess
import sys
import tempfile
import urllib.request

import websockets

URL = sys.argv[1]
# A name for screenshots, if somebody wants to see them.
PICTURE = sys.argv[2] if len(sys.argv) > 2 else None


class Page:
    def __init__(self, socket):
        self.socket = socket
        self.number = 0

    async def call(self, method, **parameters):
        self.number += 1
        await self.socket.send(
            json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(await self.socket.recv())
            if answer.get("id") == self.number:
                return answer.get("result", {})

    async def value(self, script):
        answer = await self.call("Runtime.evaluate", expression=script, awaitPromise=True)
        return answer.get("result", {}).get("value")

    async def wait(self, script):
        for _ in range(400):
            if await self.value(script):
                return
            await asyncio.sleep(0.05)
        raise SystemExit("waited in vain for " + script)

    async def enter(self, name, way):
        await self.wait("document.readyState == 'complete' && !!document.getElementById('door')")
        await self.value(
            f"document.getElementById('name').value = {json.dumps(name)};"
            f"document.querySelector('[value={way}]').checked = true;"
            "document.querySelector('#door button').click()")
        await self.wait("/WebSocket|Long polling/.test(document.getElementById('state').innerText)")

    async def say(self, words):
        await self.value(
            f"document.getElementById('words').value = {json.dumps(words)};"
            "document.querySelector('#say button').click()")

    async def hear(self, words):
        await self.wait(
            "[...document.querySelectorAll('#lines li')]"
            f".some(line => line.textContent.includes({json.dumps(words)}))")

    async def lines(self):
        return await self.value(
            "[...document.querySelectorAll('#lines li')].map(line => line.className + '|'"
            " + line.textContent).join('\\n')")

    async def photograph(self, name):
        if PICTURE:
            picture = await self.call("Page.captureScreenshot", format="png")
            with open(f"{PICTURE}-{name}.png", "wb") as file:
                file.write(base64.b64decode(picture["data"]))


async def open_page(port):
    request = urllib.request.Request(f"http://127.0.0.1:{port}/json/new?{URL}", method="PUT")
    target = json.load(urllib.request.urlopen(request))
    page = Page(await websockets.connect(target["webSocketDebuggerUrl"], max_size=None))
    await page.call("Runtime.enable")
    return page


async def talk(port):
    ada = await open_page(port)
    await ada.photograph("door")
    bob = await open_page(port)
    await ada.enter("Ada", "socket")
    await ada.hear("Ada has come in")
    await bob.enter("Bob", "poll")
    await bob.hear("Ada has come in")
    await ada.say("hello <img src=x onerror=alert(1)>")
    await bob.hear("hello <img")
    await bob.say("good day & <b>welcome</b>")
    await ada.hear("good day")
    await bob.hear("good day")
    for name, page in (("Ada", ada), ("Bob", bob)):
        print(name)
        print(await page.lines())
        await page.photograph(name)
    print("elements made of text:", await ada.value("document.querySelectorAll('#lines img').length"))


async def main():
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browser = subprocess.Popen(
            ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu",
             "--remote-debugging-port=0", "--user-data-dir=" + folder, "--window-size=900,700",
             # Chromium has a list of its own of those whom it trusts.
             "--ignore-certificate-errors", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            file = os.path.join(folder, "DevToolsActivePort")
            for _ in range(600):
                if os.path.exists(file) and open(file).read().strip():
                    break
                await asyncio.sleep(0.05)
            await asyncio.wait_for(talk(open(file).read().split()[0]), 45)
        finally:
            browser.terminate()
            browser.wait()


asyncio.run(main())
