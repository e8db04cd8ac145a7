"""Opens a chat page in two windows of headless Chromium, one by WebSocket and one by long polling,
and lets them talk. Prints what each of them shows."""

import sys

import chat_page
import chromium

URL = sys.argv[1]
# A name for screenshots, if somebody wants to see them.
PICTURE = sys.argv[2] if len(sys.argv) > 2 else None


class Window(chat_page.ChatPage):
    async def photograph(self, name):
        if PICTURE:
            await super().photograph(f"{PICTURE}-{name}.png")


async def open_page(port):
    page = await chromium.open_page(port, URL, Window)
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


# Chromium has a list of its own of those whom it trusts.
chromium.run(talk, 45, "--window-size=900,700", "--ignore-certificate-errors")
