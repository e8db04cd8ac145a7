"""The lab's chat page in headless Chromium: entering, saying and hearing."""

import json

import chromium


class ChatPage(chromium.Page):
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
