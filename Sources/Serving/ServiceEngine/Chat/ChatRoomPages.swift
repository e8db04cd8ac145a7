import PacketWire

extension Site {
  /// The page of a chat room.
  public static let chatRoom = Site(
    pages: ChatRoomPages.pages(at: "/"),
    notFound: Page("text/plain; charset=utf-8", "404 Not Found\n"),
    lastModified: WallInstant(nanoseconds: 1_795_219_200_000_000_000))  // 2026-11-21
}

/// The texts of a chat room's page. Everything that others say reaches it as text nodes only, and its
/// policy lets nothing else in.
enum ChatRoomPages {
  /// The page and what belongs to it, below a folder.
  static func pages(at folder: String) -> [String: Site.Page] {
    [
      folder: Site.Page("text/html; charset=utf-8", page),
      folder + "room.css": Site.Page("text/css; charset=utf-8", style),
      folder + "room.js": Site.Page("text/javascript; charset=utf-8", script),
    ]
  }

  private static let page = """
    <!doctype html>
    <html lang="en">
    <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy"
        content="default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self' ws: wss:">
      <title>Lab chat</title>
      <link rel="icon" href="data:,">
      <link rel="stylesheet" href="room.css">
      <script src="room.js" defer></script>
    </head>
    <body>
      <header>
        <h1>Lab chat</h1>
        <p id="state" role="status">Choose a name to come in.</p>
      </header>
      <main>
        <form id="door">
          <label for="name">Your name</label>
          <div class="row">
            <input id="name" maxlength="24" autocomplete="nickname" required>
            <button>Come in</button>
          </div>
          <fieldset>
            <legend>Way</legend>
            <label><input type="radio" name="way" value="socket" checked> WebSocket</label>
            <label><input type="radio" name="way" value="poll"> long polling</label>
          </fieldset>
        </form>
        <section id="room" aria-label="Conversation" hidden>
          <ol id="lines" role="log" aria-live="polite" tabindex="0" aria-label="What was said"></ol>
          <form id="say" class="row">
            <label class="unseen" for="words">Your message</label>
            <input id="words" maxlength="500" autocomplete="off" placeholder="Say something">
            <button>Send</button>
          </form>
        </section>
      </main>
      <noscript><p>The conversation needs scripts.</p></noscript>
    </body>
    </html>

    """

  private static let style = """
    :root { color-scheme: light dark; --accent: #0b6e69; --on-accent: #fff; --bubble: #0b6e6918; --line: #8886; --quiet: #5a6268; }
    @media (prefers-color-scheme: dark) { :root { --accent: #4fd1c5; --on-accent: #06201e; --bubble: #4fd1c520; --quiet: #a3adb5; } }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    html, body { height: 100%; margin: 0; }
    body { display: flex; flex-direction: column; max-width: 46rem; margin: 0 auto; padding: 0 1rem; font: 1.05rem/1.5 system-ui, sans-serif; }
    header { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0 1rem; padding: .75rem 0; border-bottom: 1px solid var(--line); }
    h1 { margin: 0; font-size: 1.3rem; color: var(--accent); }
    #state { margin: 0; font-size: .9rem; color: var(--quiet); font-variant-numeric: tabular-nums; }
    main { flex: 1; min-height: 0; display: flex; flex-direction: column; }
    #door { margin: auto; width: min(100%, 24rem); display: grid; gap: .75rem; }
    #room { flex: 1; min-height: 0; display: flex; flex-direction: column; }
    #lines { flex: 1; min-height: 0; overflow-y: auto; list-style: none; margin: 0; padding: 1rem 0; display: flex; flex-direction: column; gap: .4rem; }
    #lines li { max-width: 85%; align-self: flex-start; padding: .35rem .75rem; border-radius: .9rem; background: var(--bubble); overflow-wrap: anywhere; white-space: pre-wrap; }
    #lines li.mine { align-self: flex-end; background: var(--accent); color: var(--on-accent); }
    #lines li.notice { align-self: center; background: none; color: var(--quiet); font-size: .9rem; }
    #lines b { display: block; font-size: .8rem; }
    .row { display: flex; gap: .5rem; }
    #say { padding: .75rem 0 1rem; border-top: 1px solid var(--line); }
    .row input { flex: 1; min-width: 0; }
    input, button { font: inherit; }
    .row input { padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .6rem; background: transparent; color: inherit; }
    button { padding: .5rem 1.1rem; border: 0; border-radius: .6rem; background: var(--accent); color: var(--on-accent); font-weight: 600; cursor: pointer; }
    fieldset { border: 1px solid var(--line); border-radius: .6rem; display: flex; gap: 1.5rem; }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
    .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }

    """

  private static let script = #"""
    "use strict";
    // What is said comes as "NAME: WORDS", and what the room says as "* WORDS".
    const find = id => document.getElementById(id);
    const count = { sent: 0, received: 0, requests: 0 };
    let name = "", say = () => {};

    function tell(words) {
      find("state").textContent = words + " · " + count.sent + " sent, " + count.received +
        " received" + (count.requests ? ", " + count.requests + " requests" : "");
    }

    function show(line) {
      const list = find("lines");
      const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
      const item = document.createElement("li");
      const end = line.indexOf(": ");
      if (line.startsWith("* ") || end < 0) {
        item.className = "notice";
        item.textContent = line.replace(/^\* /, "");
      } else {
        const who = document.createElement("b");
        who.textContent = line.slice(0, end);
        if (who.textContent === name) item.className = "mine";
        item.append(who, line.slice(end + 2));
      }
      list.append(item);
      while (list.childElementCount > 500) list.firstChild.remove();
      if (atEnd) list.scrollTop = list.scrollHeight;
    }

    // Full duplex: one connection, on which both sides speak when they like.
    function bySocket() {
      const place = new URL("/chat?name=" + encodeURIComponent(name), location.href);
      place.protocol = place.protocol.replace("http", "ws");
      const socket = new WebSocket(place);
      socket.onopen = () => { tell("WebSocket"); };
      socket.onmessage = event => { count.received += 1; show(event.data); tell("WebSocket"); };
      socket.onclose = event => {
        tell("Closed (" + event.code + ")");
        show("* the connection is closed" + (event.reason ? ": " + event.reason : ""));
      };
      say = words => { socket.send(words); count.sent += 1; tell("WebSocket"); };
    }

    // Half of it: a request waits until there is something to hear, and each word is another one.
    async function byPolling() {
      const own = "/poll?name=" + encodeURIComponent(name);
      say = async words => {
        count.sent += 1; count.requests += 1;
        await fetch(own, { method: "POST", body: words });
        tell("Long polling");
      };
      let pause = 0;
      const ask = async place => {
        count.requests += 1;
        const answer = await fetch(place);
        if (!answer.ok) throw new Error(answer.status);
        return answer.text();
      };
      let last = null;
      tell("Long polling");
      for (;;) {
        try {
          if (last === null) last = Math.max(0, parseInt(await ask("/poll")) - 20);
          for (const line of (await ask("/poll?after=" + last)).split("\n")) {
            const space = line.indexOf(" ");
            if (space < 0) continue;
            last = parseInt(line.slice(0, space));
            count.received += 1;
            show(line.slice(space + 1));
          }
          tell("Long polling");
          pause = 0;
        } catch {
          tell("Trying again");
          pause = Math.min(10000, pause * 2 || 500);
          await new Promise(resolve => setTimeout(resolve, pause));
        }
      }
    }

    find("door").addEventListener("submit", event => {
      event.preventDefault();
      name = find("name").value.trim().split(/\s+/).join(" ");
      if (!name) return;
      find("door").hidden = true;
      find("room").hidden = false;
      find("words").focus();
      if (new FormData(find("door")).get("way") === "poll") byPolling(); else bySocket();
    });
    find("say").addEventListener("submit", event => {
      event.preventDefault();
      const words = find("words").value;
      if (words.trim()) say(words);
      find("words").value = "";
    });
    find("name").focus();

    """#
}
