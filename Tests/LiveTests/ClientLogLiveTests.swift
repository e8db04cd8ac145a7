import Testing

extension Unhurried {
  /// A client's own log is another's word on what it did.
  @Suite("Stories beside the logs of clients")
  struct ClientLogs {
    private static let script = WebPeers.script("client_log.py")

    /// Runs `commands`, which write `log`, under the story, and compares both.
    private static func comparing(_ client: String, _ commands: String, near: String = "") -> String
    {
      """
      cd "$FOLDER"; export HOME="$FOLDER"
      cat > commands <<'END'
      \(commands)
      END
      \(near) timeout 50 sniff-swift --story --json -B 65536 -- sh commands > story 2> errors
      python3 \(script) \(client) log story; grep 'dropped by kernel' errors >&2
      """
    }

    /// How many steps both have, if they have the same.
    private static func steps(_ result: ScriptResult) -> Int? {
      guard result.lines.count == 1, result.output.hasSuffix(" steps, the same\n") else {
        return nil
      }
      return Int(result.output.prefix { $0 != " " })
    }

    /// Each line of the first kind tells the log which names are looked up, and in which families.
    private static let curl = """
      site=http://www.discord.test
      page() {
        echo "=names ${name:-www.discord.test} 4 $also" >> log; [ "$also" ] || set -- -4 "$@"
        curl -sv -o page -w '%{stderr}=body %{size_download}\\n' "$@" 2>> log
      }
      """

    @Test(
      "curl: pages, redirects, errors, codings, methods, uploads, refusals, TLS",
      arguments: [
        (7, "also=6 page $site/"), (10, "page -L $site/room"),
        (12, "page -o b -o c $site/ $site/style.css $site/nothing"),
        (6, "page -I $site/"), (6, "page --compressed $site/"), (6, "page $site/?chunked"),
        (6, "page -0 $site/"), (6, "page -d hello $site/poll"), (6, "page -r 10-19 $site/"),
        (6, "page -X OPTIONS $site/"), (3, "page $site:9/"),
        (2, "name=no.test page http://no.test/"),
        (7, "seq 900 > up; page -H 'Expect: 100-continue' -T up $site/poll"),
        (6, "page https://www.discord.test/"),
        (10, "page --tls-max 1.2 https://www.discord.test/ https://www.discord.test/style.css"),
      ])
    func curl(steps: Int, commands: String) throws {
      let result = try LiveLab.inside(Self.comparing("curl", "\(Self.curl)\n\(commands)"))
      #expect(Self.steps(result) == steps, "\(result.output) \(result.errors)")
    }

    @Test(
      "wget: a redirect, a page with its files, a refusal",
      arguments: [
        (11, "wget -d -O page $site/room 2> log"), (22, "wget -d -p -P pages $site/ 2> log"),
        (3, "wget -4 -d -t 1 -O page $site:9/ 2> log"),
      ])
    func wget(steps: Int, commands: String) throws {
      let result = try LiveLab.inside(
        Self.comparing("wget", "site=http://www.discord.test\n\(commands)"))
      #expect(Self.steps(result) == steps, "\(result.output) \(result.errors)")
    }

    /// A browser that stays by itself; names of its maker are not found.
    private static func browser(_ page: String) -> String {
      """
      chromium --headless=new --no-sandbox --disable-gpu --no-first-run --disable-sync \\
        --disable-background-networking --disable-component-update --user-data-dir="$PWD/profile" \\
        --host-resolver-rules='MAP *.google.com ~NOTFOUND, MAP *.googleapis.com ~NOTFOUND' \\
        --log-net-log="$PWD/log" --net-log-capture-mode=Everything --virtual-time-budget=3000 \\
        --dump-dom \(page) > dom 2> noise
      """
    }

    @Test(
      "Chromium, each connection for itself",
      .enabled(if: WebPeers.hasChromium, WebPeers.noChromium))
    func chromium() throws {
      let result = try LiveLab.inside(
        Self.comparing("chromium", Self.browser("http://www.discord.test/")))
      #expect((Self.steps(result) ?? 0) > 20, "\(result.output) \(result.errors)")
    }

    @Test(
      "Chromium at nginx: files of a page, a redirect, what is not there, six connections",
      .enabled(if: WebPeers.hasChromium, WebPeers.noChromium))
    func chromiumAtNginx() throws {
      let result = try LiveLab.besideNginx(
        site: """
          mkdir site; cd site
          picture() {
            echo '<svg xmlns="http://www.w3.org/2000/svg"><!--'; head -c $1 /dev/zero | tr '\\0' x; echo '--></svg>'; }
          { echo '<!doctype html><title>x</title><link rel=stylesheet href=a.css><script src=no.js></script>'
            for n in $(seq 12); do
              picture $((n * n * 700)) > $n.svg; echo "<img src=/$n.svg>"; done
            echo '<img src=/moved.svg><iframe src=/frame.html></iframe>'; } > index.html
          echo '@import "b.css"; body { background: url(bg.svg) }' > a.css; echo 'p { margin: 0 }' > b.css
          cp 1.svg bg.svg; cp 2.svg new.svg; echo '<img src=new.svg>' > frame.html; cd ..
          """,
        directives: "location = /moved.svg { return 302 /new.svg; }",
        Self.comparing("chromium", Self.browser("http://www.test/"), near: "near"))
      #expect((Self.steps(result) ?? 0) > 60, "\(result.output) \(result.errors)")
    }
  }
}
