/// The texts of `Site.chat`. The landing page is about 3.5 KB, so that it takes three segments of
/// the usual 1460 octets and shows what a page load over several segments looks like.
enum LandingPages {
  static let landing = """
    <!doctype html>
    <html lang="en">
    <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Lab chat: talk to people who are not there</title>
      <meta name="description" content="A chat service that exists inside one computer only.">
      <link rel="icon" type="image/svg+xml" href="/logo.svg">
      <link rel="stylesheet" href="/style.css">
      <script src="/app.js" defer></script>
    </head>
    <body>
      <header>
        <img src="/logo.svg" alt="" width="48" height="48">
        <nav aria-label="Main">
          <a href="#rooms">Rooms</a>
          <a href="#how">How you got here</a>
          <a href="#open" class="button">Open the lab chat</a>
        </nav>
      </header>
      <main>
        <section class="hero">
          <h1>A place to talk, twelve hops away</h1>
          <p>Bring your questions about packets. Everyone in this town is a router, a name server
          or a page, and all of them answer within a hundredth of a second or two.</p>
          <p><a href="#open" class="button">Join a room</a></p>
        </section>
        <section id="rooms">
          <h2>Rooms</h2>
          <ul class="rooms">
            <li><h3># handshake</h3>
              <p>SYN says hello, SYN-ACK says hello and I heard you, ACK says good. Three packets
              and a conversation has begun.</p></li>
            <li><h3># names</h3>
              <p>Nobody remembers 203.0.113.80. Ask the resolver, it never sleeps, and it always
              knows where www has moved.</p></li>
            <li><h3># hops</h3>
              <p>Each router takes one from the time to live. Who arrives with nothing left is sent
              home with a note that says where the journey ended.</p></li>
            <li><h3># goodbye</h3>
              <p>FIN, ACK, FIN, ACK: both sides have said all they had to say, and both sides know
              it.</p></li>
          </ul>
        </section>
        <section id="how">
          <h2>How you got here</h2>
          <ol>
            <li>Your resolver asked the DNS for the address of this site, in one datagram each
            way.</li>
            <li>Your computer opened a TCP connection, across every router that lies between.</li>
            <li>It asked for this page with a line that begins with GET.</li>
            <li>The page came in more than one segment. Each was acknowledged, and if one had been
            lost on the way it would have been sent again, and you would not have noticed.</li>
            <li>The style sheet, the script and the picture came the same way.</li>
          </ol>
          <p id="timing">With scripts turned on, this line tells how long all of that took.</p>
        </section>
        <section id="numbers">
          <h2>The town in numbers</h2>
          <dl>
            <dt>Routers</dt><dd>eleven, of which none has ever met a cable</dd>
            <dt>Round trip</dt><dd>twenty-four thousandths of a second</dd>
            <dt>Packets lost</dt><dd>none, unless you ask for it</dd>
          </dl>
        </section>
        <section id="open">
          <h2>Open the lab chat</h2>
          <p>There is nothing to install and nobody to sign up with. <a href="/room/">Come in</a>, and
          watch on the wire what is said.</p>
        </section>
      </main>
      <footer>
        <p>This page was made up for tests and lessons. It is served by lab-swift from inside your
        own computer and knows no network beyond it. The names end in .test, which RFC 6761 keeps
        for such purposes; the addresses are those that RFC 5737 and RFC 3849 set aside for
        documents.</p>
      </footer>
    </body>
    </html>

    """

  static let style = """
    :root { color-scheme: light dark; --accent: #0b7a75; --line: #8884; }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 60rem; padding: 0 1rem; font: 1.05rem/1.6 system-ui, sans-serif; }
    header { display: flex; align-items: center; justify-content: space-between; padding: 1rem 0; }
    nav { display: flex; flex-wrap: wrap; gap: 1rem; align-items: center; }
    a { color: var(--accent); }
    .button { background: var(--accent); color: #fff; padding: .5rem 1rem; border-radius: .5rem; text-decoration: none; }
    .hero { padding: 3rem 0; border-bottom: 1px solid var(--line); }
    h1 { font-size: 2.4rem; line-height: 1.2; }
    .rooms { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: 1rem; padding: 0; list-style: none; }
    .rooms li { border: 1px solid var(--line); border-radius: .5rem; padding: 0 1rem; }
    footer { margin-top: 3rem; border-top: 1px solid var(--line); font-size: .9rem; }

    """

  static let script = """
    "use strict";
    // Tells how long the browser took to get the page, by its own clock.
    addEventListener("load", () => {
      const [entry] = performance.getEntriesByType("navigation");
      const line = document.getElementById("timing");
      if (!entry || !line) return;
      const took = (from, to) => Math.max(0, entry[to] - entry[from]).toFixed(1) + " ms";
      line.textContent =
        "Name: " + took("domainLookupStart", "domainLookupEnd") +
        ", connection: " + took("connectStart", "connectEnd") +
        ", first octet: " + took("requestStart", "responseStart") +
        ", page: " + took("responseStart", "responseEnd") + ".";
    });

    """

  static let logo = """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" role="img">
      <title>Two hosts and the hops between them</title>
      <path d="M8 34 L18 20 L30 28 L40 12" fill="none" stroke="#0b7a75" stroke-width="3"/>
      <g fill="#0b7a75"><circle cx="18" cy="20" r="3"/><circle cx="30" cy="28" r="3"/></g>
      <g fill="#f2a541"><circle cx="8" cy="34" r="5"/><circle cx="40" cy="12" r="5"/></g>
    </svg>

    """

  static let notFound = """
    <!doctype html>
    <html lang="en">
    <head>
      <meta charset="utf-8">
      <title>Not found - lab chat</title>
      <link rel="stylesheet" href="/style.css">
    </head>
    <body>
      <h1>404: no such page</h1>
      <p>Your packets arrived; the page they asked for did not exist. <a href="/">Start here</a>.</p>
    </body>
    </html>

    """
}
