"""Opens a page from a file in headless Chromium and prints what is wrong with it: a line for each
request, each message of the browser, each sideways overflow at 360 and 1440 pixels and at widths
between them, and each violation that the accessibility checker axe finds, in light and dark, closed
and with some of it unfolded. Then a line with what it looked at.

Usage: look_at_page.py FILE [once | PICTURE]
"""

import importlib.util
import json
import os
import sys

import chromium

FILE = "file://" + os.path.abspath(sys.argv[1])
ONCE = sys.argv[2:] == ["once"]
PICTURE = sys.argv[2] if len(sys.argv) > 2 and not ONCE else None
# Width, colours, and whether the packets are unfolded. Each look takes the checker some seconds.
LOOKS = [(360, "light", False), (360, "dark", True), (1440, "light", True), (1440, "dark", False)]
# Widths at which only the room is looked at, with all packets unfolded.
WIDTHS = range(375, 1440, 15)
# The package's own code wants a browser driver; only the checker that it carries is needed.
AXE = os.path.join(
    os.path.dirname(importlib.util.find_spec("axe_playwright_python").origin), "axe.min.js")


async def look(port):
    page = await chromium.open_page(port, "about:blank")
    for domain in ("Runtime", "Log", "Network", "Page"):
        await page.call(domain + ".enable")
    await page.call("Page.navigate", url=FILE)
    await page.wait(f"location.href == {json.dumps(FILE)} && document.readyState == 'complete'")
    for width, scheme, unfold in LOOKS[:1] if ONCE else LOOKS:
        await resize(page, width)
        await page.call(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": scheme}])
        await page.value(
            "document.querySelectorAll('details').forEach((part, index) => "
            f"part.open = {json.dumps(unfold)} && index < 4)")
        state = f"{width} {scheme} {'unfolded' if unfold else 'closed'}"
        await measure(page, width, state)
        await photograph(page, state.replace(" ", "-"))
        await check(page, state)
    if not ONCE:
        await page.value("document.querySelectorAll('details').forEach(part => part.open = true)")
        for width in WIDTHS:
            await resize(page, width)
            await measure(page, width, f"{width} all unfolded")
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


async def resize(page, width):
    await page.call(
        "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1,
        mobile=False)


async def measure(page, width, state):
    room = await page.value("[document.documentElement.scrollWidth, innerWidth].join(' ')")
    if int(room.split()[0]) > width:
        print(f"overflow at {state}: {room}")


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
        await page.photograph(
            f"{PICTURE}-{name}.png", captureBeyondViewport=True,
            clip={"x": 0, "y": 0, "width": int(name.split("-")[0]), "height": 3000, "scale": 1})


chromium.run(look, 50)
