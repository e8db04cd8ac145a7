"""Opens a page from a file in headless Chromium and prints what is wrong with it: a line for each
request, each message of the browser, each sideways overflow at 360 and 1440 pixels, and each
violation that the accessibility checker axe finds, in light and dark, closed and with some of it
unfolded. Then a line with what it looked at.

Usage: look_at_page.py FILE [once | PICTURE]
"""

import asyncio
import base64
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import urllib.request

import websockets

FILE = "file://" + os.path.abspath(sys.argv[1])
ONCE = sys.argv[2:] == ["once"]
PICTURE = sys.argv[2] if len(sys.argv) > 2 and not ONCE else None
# Width, colours, and whether the packets are unfolded. Each look takes the checker some seconds.
LOOKS = [(360, "light", False), (360, "dark", True), (1440, "light", True), (1440, "dark", False)]
# The package's own code wants a browser driver; only the checker that it carries is needed.
AXE = os.path.join(
    os.path.dirname(importlib.util.find_spec("axe_playwright_python").origin), "axe.min.js")


class Page:
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


async def look(page):
    for domain in ("Runtime", "Log", "Network", "Page"):
        await page.call(domain + ".enable")
    await page.call("Page.navigate", url=FILE)
    await page.wait(f"location.href == {json.dumps(FILE)} && document.readyState == 'complete'")
    for width, scheme, unfold in LOOKS[:1] if ONCE else LOOKS:
        await page.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1,
            mobile=False)
        await page.call(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": scheme}])
        await page.value(
            "document.querySelectorAll('details').forEach((part, index) => "
            f"part.open = {json.dumps(unfold)} && index < 4)")
        state = f"{width} {scheme} {'unfolded' if unfold else 'closed'}"
        room = await page.value("[document.documentElement.scrollWidth, innerWidth].join(' ')")
        if int(room.split()[0]) > width:
            print(f"overflow at {state}: {room}")
        await photograph(page, state.replace(" ", "-"))
        await check(page, state)
    styled = await page.value("getComputedStyle(document.querySelector('.step')).borderLeftWidth")
    if styled != "5px":
        print("the page's own style does not hold:", styled)
    for event in page.events:
        report(event)
    counts = await page.value(
        "['h1', 'main', '.step', 'details', 'svg', 'script', 'img', 'iframe', '[onerror], [onload]']"
        ".map(name => document.querySelectorAll(name).length).join(' ')")
    print(f"looked at: {counts}")
    print("text:", await page.value("document.body.innerText.replace(/\\s+/g, ' ')"))


async def check(page, state):
    if not await page.value("typeof axe == 'object'"):
        with open(AXE) as file:
            await page.value(file.read() + "; 1")
    found = await page.value(
        "axe.run(document, {resultTypes: ['violations']}).then(found => found.violations.map("
        "one => one.id + ': ' + one.nodes.length + ' ' + one.nodes[0].html.slice(0, 200) + ' '"
        " + one.nodes[0].failureSummary))")
    for violation in found:
        print(f"axe at {state}: {violation}".replace("\n", " "))


def report(event):
    method, parameters = event.get("method"), event.get("params", {})
    if method == "Network.requestWillBeSent" and parameters["request"]["url"] != FILE:
        print("request:", parameters["request"]["url"])
    elif method == "Log.entryAdded":
        print("message:", parameters["entry"]["text"])
    elif method == "Runtime.consoleAPICalled":
        print("message:", parameters["args"])
    elif method == "Runtime.exceptionThrown":
        print("message:", parameters["exceptionDetails"])


async def photograph(page, name):
    if PICTURE:
        picture = await page.call(
            "Page.captureScreenshot", format="png", captureBeyondViewport=True,
            clip={"x": 0, "y": 0, "width": int(name.split("-")[0]), "height": 3000, "scale": 1})
        with open(f"{PICTURE}-{name}.png", "wb") as file:
            file.write(base64.b64decode(picture["data"]))


async def open_page(port):
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/json/new?about:blank", method="PUT")
    target = json.load(urllib.request.urlopen(request))
    await look(Page(await websockets.connect(target["webSocketDebuggerUrl"], max_size=None)))


async def main():
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browser = subprocess.Popen(
            ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu",
             "--remote-debugging-port=0", "--user-data-dir=" + folder, "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            file = os.path.join(folder, "DevToolsActivePort")
            for _ in range(600):
                if os.path.exists(file) and open(file).read().strip():
                    break
                await asyncio.sleep(0.05)
            await asyncio.wait_for(open_page(open(file).read().split()[0]), 50)
        finally:
            browser.terminate()
            browser.wait()


asyncio.run(main())
