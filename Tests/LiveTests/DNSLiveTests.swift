import Glibc
import LinuxSystem
import Testing

// Debian packages beside those of LiveLab.swift: dnsmasq-base, nginx-light.

extension Unhurried {
  @Suite("serve dns and query, beside dig and dnsmasq")
  struct DNSLiveTests {
    /// Starts `serve dns`, waits until it says where, runs `script` with $PORT, and prints the server's
    /// own words below "=== server".
    private func withServer(_ script: String, records: String? = nil) throws -> ScriptResult {
      let choice = records == nil ? "" : "--records $FOLDER/records"
      return try LiveLab.run([
        "sh", "-c",
        """
        cat > $FOLDER/records <<'END'
        \(records ?? "")
        END
        : > $FOLDER/log
        lab-swift serve dns --port 0 \(choice) >> $FOLDER/log & server=$!
        until grep -q 'DNS server at' $FOLDER/log || ! kill -0 $server; do sleep 0.02; done
        PORT=$(sed -n 's/.*127.0.0.1:\\([0-9]*\\),.*/\\1/p' $FOLDER/log)
        \(script)
        kill -INT $server; wait $server
        echo "=== server $?"; cat $FOLDER/log
        """,
      ])
    }

    private func lines(_ result: ScriptResult, before end: String) -> [String] {
      Array(result.lines.prefix { $0 != end })
    }

    @Test("dig is content with every type and way to ask")
    func dig() throws {
      let result = try withServer(
        """
        dig="dig @127.0.0.1 -p $PORT +time=2 +tries=1"
        for question in 'www.example.test A' 'www.example.test AAAA' 'shop.example.test A' \\
          'example.test MX' 'example.test TXT' 'example.test NS' 'example.test SOA' \\
          'example.test CAA' '_sip._udp.example.test SRV' '-x 192.0.2.80' '+tcp example.test MX' \\
          '+bufsize=512 example.test MX' '+noedns example.test MX' '+dnssec www.example.test' \\
          '+nsid www.example.test' '+subnet=192.0.2.0/24 www.example.test' '+norec google.com'
        do $dig +short $question; done
        echo '=== codes'
        for question in none.example.test example.org '+opcode=status www.example.test' \\
          '+edns=1 +noednsneg www.example.test' '+tcp example.test AXFR' 'example.test ANY' \\
          'example.test AAAA' '+tcp +ignore example.test ANY' 'version.bind CH TXT'
        do $dig $question | sed -n 's/.*status: \\([A-Z]*\\).*/\\1/p; s/^; Transfer failed.*/failed/p'; done
        echo '=== warnings'
        for question in 'www.example.test' '+tcp shop.example.test' 'none.example.test' \\
          '+edns=0 +cookie example.test ANY'
        do $dig $question | grep -iE 'warn|malformed|mismatch|bad |extra bytes|got bad|parse'; done
        """)
      let answers = lines(result, before: "=== codes")
      #expect(
        answers == [
          "192.0.2.80", "2001:db8::80", "store.example.test.", "www.example.test.", "192.0.2.80",
          "10 mail.example.test.", "20 backup.example.test.", "\"v=spf1 mx -all\"",
          "ns.example.test.", "ns.example.test. hostmaster.example.test. 1 7200 900 1209600 300",
          "0 issue \"ca.example.test\"", "10 5 5060 www.example.test.", "www.example.test.",
          "10 mail.example.test.", "20 backup.example.test.", "10 mail.example.test.",
          "20 backup.example.test.", "10 mail.example.test.", "20 backup.example.test.",
          "192.0.2.80", "192.0.2.80", "192.0.2.80", "192.165.1.1",
        ])
      #expect(
        result.sections["codes"] == [
          "NXDOMAIN", "REFUSED", "NOTIMP", "BADVERS", "failed", "NOERROR", "NOERROR", "NOERROR",
          "REFUSED",
        ])
      #expect(result.sections["warnings"] == [])
      #expect(result.sections["server 0"]?.last?.hasSuffix(" queries") == true)
    }

    @Test("what is too long for UDP comes over TCP, for dig and for query")
    func truncation() throws {
      let text = String(repeating: "x", count: 250)
      let records = "long.test TXT" + String(repeating: " \(text)", count: 8)
      let result = try withServer(
        """
        dig="dig @127.0.0.1 -p $PORT +time=2 +tries=1"
        $dig +ignore long.test TXT | grep -o 'flags: [a-z ]*;'
        $dig long.test TXT | grep -oE 'Truncated, retrying in TCP|MSG SIZE  rcvd: [0-9]*'
        echo '=== query'
        lab-swift query long.test TXT @127.0.0.1 --port $PORT | cut -c 1-60
        lab-swift query long.test TXT @127.0.0.1 --port $PORT --hex | grep -c 'over TCP'
        """, records: records)
      #expect(lines(result, before: "=== query").first == "flags: qr aa tc rd ra;")
      #expect(result.output.contains("Truncated, retrying in TCP"))
      #expect(
        result.sections["query"] == [
          "> long.test: type TXT, class IN, TTL 300, text (2008) \"xxxxx", "3",
        ])
    }

    @Test("query prints what the server holds, in words")
    func query() throws {
      let result = try withServer(
        """
        query() { lab-swift query "$@" @127.0.0.1 --port $PORT; echo "code $?"; }
        query google.com; query shop.example.test AAAA; query example.test MX --tcp
        query none.example.test; query example.test AAAA; query example.org; query 192.0.2.80
        """)
      #expect(
        lines(result, before: "=== server 0") == [
          "> google.com: type A, class IN, TTL 260, addr (4) 192.165.1.1", "code 0",
          "> shop.example.test: type CNAME, class IN, TTL 300, alias of (8) store.example.test",
          "> store.example.test: type CNAME, class IN, TTL 300, alias of (6) www.example.test",
          "> www.example.test: type AAAA, class IN, TTL 300, addr (16) 2001:db8::80", "code 0",
          "> example.test: type MX, class IN, TTL 300, mail exchange (9) mail.example.test, "
            + "preference 10",
          "> example.test: type MX, class IN, TTL 300, mail exchange (11) backup.example.test, "
            + "preference 20", "code 0",
          "none.example.test: no such name (NXDOMAIN)", "code 0",
          "example.test: there is such a name, but no record of type AAAA", "code 0",
          "example.org: the server refuses (REFUSED)", "code 0",
          "> 80.2.0.192.in-addr.arpa: type PTR, class IN, TTL 300, points to (18) www.example.test",
          "code 0",
        ])
    }

    @Test("query asks again, takes no answer that is none, and gives up")
    func noAnswer() throws {
      let result = try LiveLab.run([
        "sh", "-c",
        """
        for silence in --silent ''; do
          : > $FOLDER/log
          lab-swift serve udp --port 0 $silence >> $FOLDER/log & server=$!
          until grep -q 'server at' $FOLDER/log || ! kill -0 $server; do sleep 0.02; done
          PORT=$(sed -n 's/.*127.0.0.1:\\([0-9]*\\)$/\\1/p' $FOLDER/log)
          lab-swift query a.test @127.0.0.1 --port $PORT --tries 3 --wait 0.1 --hex > $FOLDER/out 2>&1
          echo "code $?"; tail -n 1 $FOLDER/out | sed "s/:$PORT//"
          grep -c 'sent to' $FOLDER/out; grep -o 'no answer to this.*' $FOLDER/out | sort -u
          # Another port and, but for one chance in 4000, another identifier.
          sed -n 's/^\\(.*\\): received.*/\\1/p' $FOLDER/log | sort -u | wc -l
          kill $server; wait $server
        done
        lab-swift query a.test @127.0.0.1 --port $PORT; echo "code $?"
        """,
      ])
      let silent = ["code 9", "lab-swift query: no response from 127.0.0.1 to 3 queries", "3"]
      #expect(
        result.lines == silent + ["3"] + silent + [
          "no answer to this: another identifier", "3", "code 9",
        ])
      #expect(result.errors.contains("Connection refused"))
    }

    @Test("query asks dnsmasq and nginx serves the site's address, at the lab's far side")
    func farSide() throws {
      let name = "live-\(getpid())"
      let result = try LiveLab.run([
        "sh", "-c",
        """
        lab-swift up \(name) --routers 3 --leave-port 80 --leave-port 53 || exit 1
        trap 'lab-swift down \(name)' EXIT
        far() { lab-swift run --in \(name) --side server -- "$@"; }
        near() { lab-swift run --in \(name) -- "$@"; }
        far dnsmasq --no-daemon --no-resolv --no-hosts --conf-file=/dev/null --pid-file= \\
          --user=root --address=/www.discord.test/203.0.113.80 \\
          --txt-record=notes.test,"one two" --mx-host=mail.test,mx.mail.test,5 \\
          --cname=alias.test,www.discord.test --host-record=www.discord.test,203.0.113.80,2001:db8:cb::80 \\
          > $FOLDER/dnsmasq 2>&1 &
        mkdir $FOLDER/www; echo 'from nginx' > $FOLDER/www/index.html
        cat > $FOLDER/nginx.conf <<END
        pid $FOLDER/nginx.pid; error_log $FOLDER/nginx.log; user root;
        events {}
        http { access_log off; server { listen 80; listen [::]:80; root $FOLDER/www; } }
        END
        far nginx -c $FOLDER/nginx.conf
        for try in 1 2 3 4 5 6 7 8 9 10; do
          near lab-swift query www.discord.test > /dev/null 2>&1 && break; sleep 0.1; done
        near lab-swift query www.discord.test; near lab-swift query www.discord.test AAAA
        near lab-swift query notes.test TXT; near lab-swift query mail.test MX
        near lab-swift query notes.test TXT --tcp
        near curl -sS http://www.discord.test/; near curl -sS -6 http://www.discord.test/
        near curl -sSI http://203.0.113.80/ | tr -d '\\r' | grep -o 'Server: nginx'
        """,
      ])
      #expect(result.code == 0 && result.errors.isEmpty, "\(result.errors)")
      // How long records live, and which names are compressed, is dnsmasq's affair.
      let lines = result.lines.map { $0.replacing(#/TTL [0-9]+, |\([0-9]+\) /#, with: "") }
      #expect(
        lines == [
          "> www.discord.test: type A, class IN, addr 203.0.113.80",
          "> www.discord.test: type AAAA, class IN, addr 2001:db8:cb::80",
          "> notes.test: type TXT, class IN, text \"one two\"",
          "> mail.test: type MX, class IN, mail exchange mx.mail.test, preference 5",
          "> notes.test: type TXT, class IN, text \"one two\"",
          "from nginx", "from nginx", "Server: nginx",
        ])
    }
  }
}
