import JSONTestSupport
import Testing

/// A Python that can drive a browser and has the accessibility checker axe.
enum ReportPeers {
  static let python: String? = WebPeers.python.flatMap { name in
    let words = [name, "-c", "import axe_playwright_python, websockets"]
    return (try? LiveLab.run(words))?.code == 0 ? name : nil
  }

  static let absence: Comment =
    "no Chromium, or no Python with the package websockets and axe: scripts/test gets them if it can"
}

extension Unhurried {
  @Suite("The page that tells a story")
  struct Report {
    @Test(
      "a browser finds nothing wrong with it",
      .enabled(if: ReportPeers.python != nil && WebPeers.hasChromium, ReportPeers.absence),
      arguments: ["http", "https"])
    func browser(scheme: String) throws {
      let result = try look(at: scheme)
      #expect(result.errors.isEmpty && result.lines.count == 2, "\(result.lines) \(result.errors)")
      // One heading, one main part, no script, image or frame.
      let counts = result.lines.first?.firstMatch(
        of: #/^looked at: 1 1 (\d+) (\d+) \d+ 0 0 0 0$/#)
      let steps = counts.flatMap { Int($0.1) } ?? 0
      #expect(steps > 15 && counts?.1 == counts?.2, "\(result.lines)")
      #expect(result.lines.last?.contains("SYN-ACK, step 2 of 3") == true)
    }

    @Test(
      "it would find something wrong with a page that is",
      .enabled(if: ReportPeers.python != nil && WebPeers.hasChromium, ReportPeers.absence))
    func badPage() throws {
      let result = try look(
        at: "http",
        after: """
          sed -i -e 's/<h1>/<h1 onclick="1"><img src="x.png">/' -e 's/--fg:#1b1b1f/--fg:#c0c0c0/' \
            -e 's/<main>/<main><div class="track"><pre>'$(head -c 900 /dev/zero | tr '\\0' x)'<\\/pre><\\/div>/' page.html
          """, how: "once")
      for fault in ["message:", "overflow at 360", "axe at 360 light closed: image-alt"] {
        #expect(result.output.contains(fault), "\(fault): \(result.output.prefix(3000))")
      }
    }

    /// Tells a page load and shows it to a browser.
    private func look(
      at scheme: String, after script: String = "", how: String = ""
    ) throws -> ScriptResult {
      try LiveLab.inside(
        """
        cd "$FOLDER"
        sniff-swift --report page.html -- curl -s -o /dev/null \(scheme)://www.discord.test/ > story
        \(script)
        \(ReportPeers.python ?? "") \(WebPeers.script("look_at_page.py")) page.html \(how)
        """)
    }

    @Test("it is the story that is printed, and its own user's")
    func story() throws {
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"; umask 027; echo old > page.html; chmod 600 page.html
        sniff-swift --report page.html -w page.pcapng -- \
          curl -s -o /dev/null http://www.discord.test/ > story
        \(Shell.section("code")); echo $?; stat -c %a page.html; ls | tr '\\n' ' '; echo
        \(Shell.section("steps")); grep -cE '^ +#[0-9]+ +[0-9.]+ [mun]?s ' story; grep -c '<li class="step' page.html
        sniff-swift --report again.html -r page.pcapng | head -n 1 > line
        sed 's/From [^<]*//' page.html > a; sed 's/From [^<]*//' again.html > b
        \(Shell.section("again")); cmp a b && echo same
        \(Shell.section("refused")); mkdir folder
        for name in no/such.html folder page.pcapng -
        do sniff-swift --report $name -r page.pcapng 2>&1 > out; echo $? $(wc -l < out); done
        """)
      let seen = result.sections
      #expect(
        seen["code"] == ["0", "640", "page.html page.pcapng story "])
      let steps = (seen["steps"] ?? []).compactMap { Int($0) }
      #expect(steps.count == 2 && steps[0] > 15 && steps[0] == steps[1])
      #expect(seen["again"] == ["same"])
      let refused = seen["refused"] ?? []
      #expect(refused.filter { $0.hasPrefix("2 ") } == ["2 0", "2 0", "2 0", "2 0"], "\(refused)")
    }

    @Test(
      "whoever called sudo owns the page, and replaces only what is theirs",
      .enabled(if: LiveLab.isRoot, "only root can be somebody else"))
    func sudo() throws {
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"; chmod 711 .; mkdir theirs ours; chown 1234:1234 theirs; chmod 700 ours
        tell() { SUDO_UID=1234 SUDO_GID=1234 sniff-swift --report $1 -- \
          curl -s -o /dev/null http://www.discord.test/ > story 2> errors; echo $?; }
        tell theirs/page.html; stat -c '%u %g' theirs/page.html
        tell ours/page.html; ls -A ours theirs
        cat errors
        """)
      let seen: Comment = "\(result.lines) \(result.errors)"
      #expect(result.lines.prefix(3) == ["0", "1234 1234", "2"], seen)
      #expect(result.lines.dropFirst(3).prefix(3) == ["ours:", "theirs:", "page.html"])
      #expect(result.lines.last?.contains("Permission denied") == true, seen)
    }

    @Test(
      "whoever called sudo owns exported objects and streams, in a folder that they could make",
      .enabled(if: LiveLab.isRoot, "only root can be somebody else"),
      arguments: ["objects", "streams"])
    func exports(_ kind: String) throws {
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"; chmod 711 .; mkdir theirs ours; chown 1234:1234 theirs; chmod 700 ours
        save() { SUDO_UID=1234 SUDO_GID=1234 sniff-swift --export-\(kind) $1 -- \
          curl -s -o /dev/null http://www.discord.test/style.css > list 2> errors; echo $?; }
        save theirs/new; stat -c '%u %g' theirs/new theirs/new/* | uniq -c | awk '{print $2, $3}'
        save ours/new; ls -A ours
        cat errors
        """)
      let seen: Comment = "\(result.lines) \(result.errors)"
      #expect(result.lines.prefix(3) == ["0", "1234 1234", "2"], seen)
      #expect(
        result.lines.count == 4 && result.lines.last?.contains("ermission denied") == true, seen)
    }
  }
}
