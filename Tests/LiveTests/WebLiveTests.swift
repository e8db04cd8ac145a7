import LinuxSystem
import Testing

/// Programs that are not in every system's packages, and the reason where one is not there.
enum WebPeers {
  /// A Python that has the package `websockets`; scripts/test makes one.
  static let python: String? = {
    let words = ["printenv", "WIREWALK_PYTHON"]
    let name = (try? LiveLab.run(words))?.lines.first ?? "python3"
    return (try? LiveLab.run([name, "-c", "import websockets"]))?.code == 0 ? name : nil
  }()

  static let hasChromium = (try? LiveLab.run(["sh", "-c", "command -v chromium"]))?.code == 0

  static let noChromium: Comment = "no Chromium: scripts/test gets it if it can"

  static let noPython: Comment =
    "no Python with the package websockets: scripts/test gets one from PyPI if it can"

  /// A script of this folder's neighbour.
  static func script(_ name: String, file: String = #filePath) -> String {
    let tests = file.split(separator: "/").dropLast(2).joined(separator: "/")
    return "/\(tests)/Fixtures/web/\(name)"
  }
}

extension Unhurried {
  /// The web's own clients and servers beside ours.
  @Suite("The web")
  struct Web {
    static let site = "http://www.discord.test"

    @Test("curl: ranges, conditions, codings, chunks, redirects, HEAD")
    func curl() throws {
      let result = try LiveLab.inside(
        """
        site=\(Self.site)
        curl -sS $site/ -o $FOLDER/page -D $FOLDER/head
        tag=$(sed -n 's/^ETag: \\(.*\\)\\r$/\\1/p' $FOLDER/head)
        date=$(sed -n 's/^Last-Modified: \\(.*\\)\\r$/\\1/p' $FOLDER/head)
        echo "=== range"
        curl -sS -r 10-19 -w ' %{http_code} %{size_download}\\n' $site/ -o $FOLDER/part
        tail -c +11 $FOLDER/page | head -c 10 | cmp - $FOLDER/part && echo same
        curl -sS -r 0-0,-1 -o $FOLDER/parts -w '%{http_code} %{content_type}\\n' $site/ | cut -c 1-38
        curl -sS -r 999999- -o /dev/null -w '%{http_code}\\n' $site/
        echo "=== resume"
        head -c 1000 $FOLDER/page > $FOLDER/half
        curl -sS -C - -o $FOLDER/half $site/ && cmp $FOLDER/half $FOLDER/page && echo whole
        echo "=== conditions"
        for field in "If-None-Match: $tag" "If-None-Match: \\"x\\"" "If-Modified-Since: $date" \
          "If-Match: \\"x\\"" "If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT"
        do curl -sS -H "$field" -o /dev/null -w '%{http_code}\\n' $site/; done
        curl -sS -z "$date" -o /dev/null -w '%{http_code}\\n' $site/
        echo "=== codings"
        curl -sS --compressed $site/ | cmp - $FOLDER/page && echo unpacked
        curl -sS -H 'Accept-Encoding: gzip' $site/ | gunzip | cmp - $FOLDER/page && echo gunzipped
        curl -sS "$site/?chunked" -D $FOLDER/head | cmp - $FOLDER/page && echo in chunks
        grep -c 'Transfer-Encoding: chunked' $FOLDER/head
        curl -sS -0 --compressed $site/ | cmp - $FOLDER/page && echo old
        echo "=== others"
        curl -sS -L -o /dev/null -w '%{http_code} %{num_redirects} %{url_effective}\\n' $site/room
        curl -sSI -o /dev/null -w '%{http_code} %{size_download}\\n' $site/
        curl -sS -o /dev/null -w '%{http_code}\\n' --path-as-is $site/../../etc/passwd
        curl -sS -o /dev/null -w '%{http_code}\\n' -d "$(head -c 70000 /dev/zero | tr '\\0' x)" $site/poll
        """)
      #expect(result.errors.isEmpty)
      let seen = result.sections
      #expect(
        seen["range"] == [" 206 10", "same", "206 multipart/byteranges; boundary=lab", "416"])
      #expect(seen["resume"] == ["whole"])
      #expect(seen["conditions"] == ["304", "200", "304", "412", "412", "304"])
      #expect(seen["codings"] == ["unpacked", "gunzipped", "in chunks", "1", "old"])
      #expect(seen["others"] == ["200 1 \(Self.site)/room/", "200 0", "404", "413"])
    }

    @Test("HTTPS needs no option, and nobody else's certificate will do")
    func https() throws {
      let result = try LiveLab.inside(
        """
        site=https://www.discord.test
        curl -sS -o $FOLDER/page -w '%{http_code} %{ssl_verify_result}\\n' $site/
        curl -sS http://www.discord.test/ | cmp - $FOLDER/page && echo same
        curl -sS -4 --tls-max 1.2 -o /dev/null -w '%{http_code}\\n' https://203.0.113.80/
        curl -sS -o /dev/null -o /dev/null -o /dev/null -w '%{http_code} %{num_connects}\\n' \
          $site/ $site/style.css $site/nothing
        wget -q -O - $site/ | cmp - $FOLDER/page && echo wget
        env -u SSL_CERT_FILE openssl s_client -brief -connect www.discord.test:443 \
          -CAfile /etc/ssl/certs/ca-certificates.crt -verify_return_error \
          -verify_hostname www.discord.test < /dev/null 2>&1 | grep -E '^(Protocol|Verif)'
        curl -s -o /dev/null --resolve www.evil.test:443:203.0.113.80 https://www.evil.test/; echo $?
        curl -s http://www.discord.test:443/; echo $?
        """)
      #expect(
        result.lines == [
          "200 0", "same", "200", "200 1", "200 0", "404 0", "wget",
          "Protocol version: TLSv1.3", "Verification: OK", "Verified peername: www.discord.test",
          "60", "52",
        ])
    }

    @Test("wget takes a folder whole, and goes on where it was cut")
    func folder() throws {
      let result = try LiveLab.inside(
        """
        mkdir -p $FOLDER/site/sub/deep; cd $FOLDER
        seq 1 20000 > site/numbers.txt; echo a > 'site/sub/a b&c.txt'; echo d > site/sub/deep/d.html
        ln -s /etc/passwd site/passwd; echo secret > secret; ln -s ../secret site/secret; echo x > site/.hidden
        lab-swift serve http --folder site --port 8080 > log & server=$!
        for i in $(seq 50); do curl -s -o /dev/null http://127.0.0.1:8080/ && break; sleep 0.1; done
        wget -q -r -np -nH -P copy http://127.0.0.1:8080/
        cmp site/numbers.txt copy/numbers.txt && cmp 'site/sub/a b&c.txt' 'copy/sub/a b&c.txt' \
          && cmp site/sub/deep/d.html copy/sub/deep/d.html && echo copied
        head -c 5000 site/numbers.txt > numbers.txt
        wget -q -c http://127.0.0.1:8080/numbers.txt && cmp numbers.txt site/numbers.txt && echo whole
        for path in passwd secret .hidden sub/../../secret %2e%2e/secret
        do curl -sS --path-as-is -o /dev/null -w '%{http_code}\\n' http://127.0.0.1:8080/$path; done
        kill -INT $server; wait $server; echo $?
        grep -c 'GET /numbers.txt 200, 108894 octets' log; tail -n 1 log | grep -c '^[0-9]* requests, '
        """)
      #expect(
        result.lines == ["copied", "whole", "404", "404", "404", "404", "404", "0", "1", "1"])
    }

    @Test("our web client beside curl, and beside a server that is not ours")
    func webClient() throws {
      let result = try LiveLab.inside(
        """
        exec 2> $FOLDER/errors; cd $FOLDER
        for url in http://www.discord.test/ https://www.discord.test/ 'http://203.0.113.80/?chunked'
        do lab-swift connect http "$url" > ours; echo $?; curl -sS "$url" | cmp - ours; done
        lab-swift connect http -I https://www.discord.test/room | grep -E '^(HTTP|Location)'
        lab-swift connect http http://www.discord.test/none > /dev/null; echo $?
        seq 1 200000 > numbers
        python3 -m http.server --bind 127.0.0.1 8000 > served & server=$!
        for i in $(seq 100); do lab-swift connect http http://127.0.0.1:8000/numbers > copy && break; sleep 0.1; done
        cmp numbers copy; echo $?; kill $server
        """)
      #expect(
        result.lines == [
          "0", "0", "0", "HTTP/1.1 301 Moved Permanently", "Location: /room/", "1", "0",
        ])
    }

    @Test("our WebSocket client over TLS, and a certificate that nobody vouches for")
    func secureWebSocket() throws {
      let result = try LiveLab.inside(
        """
        exec 2> $FOLDER/errors
        for url in wss://www.discord.test/echo wss://203.0.113.80/echo
        do printf 'hello\\nworld\\n' | lab-swift connect websocket $url; echo $?; done
        # More than fits into anybody's buffers.
        head -c 1000000 /dev/zero | tr '\\0' x | fold -w 50000 > $FOLDER/long; echo >> $FOLDER/long
        lab-swift connect websocket wss://www.discord.test/echo < $FOLDER/long | cmp - $FOLDER/long; echo $?
        cd $FOLDER
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key -out certificate \
          -subj /CN=localhost -days 1
        openssl s_server -quiet -accept 8443 -key key -cert certificate & server=$!
        for i in $(seq 50); do
          lab-swift connect websocket wss://localhost:8443/ < /dev/null 2> refusal; code=$?
          grep -q certificate refusal && break; sleep 0.1
        done
        echo $code; cat refusal; kill $server
        """)
      #expect(
        result.lines == [
          "hello", "world", "0", "hello", "world", "0", "0", "1",
          "no TLS: the server's certificate: self-signed certificate",
        ])
    }

    @Test("the same conversation costs more by long polling, and takes as long as the path is")
    func comparison() throws {
      let result = try LiveLab.inside("lab-swift connect websocket --compare ws://www.discord.test")
      func values(_ title: String) -> [Double] {
        let line = result.lines.first { $0.hasPrefix(title + "  ") }
        return (line ?? "").split(separator: " ").compactMap { Double($0) }
      }
      #expect(result.code == 0 && result.errors.isEmpty)
      #expect(values("connections") == [2, 4])
      for title in [
        "requests", "segments sent", "segments received", "octets sent", "octets received",
      ] {
        let pair = values(title)
        #expect(pair.count == 2 && pair[0] < pair[1], "\(title)")
      }
      // From one to the server and on to the other is the path there and back: 24 ms.
      #expect(values("delay, median").count == 2 && values("delay, median").allSatisfy { $0 >= 24 })
      let none = try LiveLab.inside(
        "lab-swift connect websocket --compare ws://www.discord.test:53")
      #expect(none.code == 1 && none.output.isEmpty)
    }

    @Test(
      "the PyPI client websockets talks to our server",
      .enabled(if: WebPeers.python != nil, WebPeers.noPython))
    func websocketsClient() throws {
      for scheme in ["ws", "wss"] {
        let result = try LiveLab.inside(
          """
          \(WebPeers.python ?? "") \(WebPeers.script("websocket_client.py")) \(scheme)://www.discord.test
          """)
        #expect(result.errors.isEmpty)
        #expect(
          result.lines == [
            "Käse 🧀", "2000", "200000", "in three fragments", "pong", "3001 ",
            "* Ada has come in", "* Bob has come in", "Ada: hello",
            "['* Ada has come in', '* Bob has come in', 'Ada: hello']", "* Bob has left",
            "1003 only texts are said here",
          ], "\(scheme)")
      }
    }

    @Test(
      "our client talks to a server made with websockets",
      .enabled(if: WebPeers.python != nil, WebPeers.noPython))
    func websocketsServer() throws {
      let result = try LiveLab.inside(
        """
        \(WebPeers.python ?? "") \(WebPeers.script("websocket_server.py")) 9001 > $FOLDER/ready & server=$!
        for i in $(seq 100); do grep -q ready $FOLDER/ready && break; sleep 0.1; done
        printf 'Käse 🧀\\nfragments\\nping\\noctets\\n' |
          lab-swift connect websocket -v --wait 0.5 ws://127.0.0.1:9001/ 2> $FOLDER/errors; echo $?
        grep -E "^(ping|close)" $FOLDER/errors
        printf 'close\\n' | lab-swift connect websocket -v --wait 5 ws://127.0.0.1:9001/ 2>&1 | grep close
        kill $server
        """)
      #expect(
        result.lines == [
          "Käse 🧀", "in three fragments", "there was a pong", "(3 octets of binary data)", "0",
          "ping 'from the server', answered by a pong", "close 1000", "close 4001 (enough)",
        ])
    }

    @Test(
      "two windows of a browser talk, one by WebSocket and one by long polling",
      .enabled(
        if: WebPeers.python != nil && WebPeers.hasChromium,
        "no Chromium, or no Python with the package websockets: scripts/test gets both if it can"))
    func twoWindows() throws {
      for scheme in ["http", "https"] { try talk(by: scheme) }
    }

    private func talk(by scheme: String) throws {
      let result = try LiveLab.inside(
        """
        \(WebPeers.python ?? "") \(WebPeers.script("two_windows.py")) \(scheme)://www.discord.test/room/
        """)
      let (hello, answer) = ("hello <img src=x onerror=alert(1)>", "good day & <b>welcome</b>")
      #expect(
        result.lines == [
          "Ada", "notice|Ada has come in", "mine|Ada\(hello)", "|Bob\(answer)",
          "Bob", "notice|Ada has come in", "|Ada\(hello)", "mine|Bob\(answer)",
          "elements made of text: 0",
        ], "\(result.errors)")
    }
  }
}
