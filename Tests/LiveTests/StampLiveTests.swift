import Testing

extension Live {
  /// No interface that can be made here has stamps of its own: what is told is why not.
  @Suite("Hardware stamps where there are none")
  struct StampLiveTests {
    @Test("loopback, a veth and the lab's TUN are refused with what shows why, and code 2")
    func refused() throws {
      let result = try LiveLab.inside(
        """
        ip link add ww-veth0 type veth peer name ww-veth1
        for name in lo ww-veth0 wan0; do
          ping-swift -n -c 1 --hardware-stamps -I $name 127.0.0.1 2>&1; echo "code $?"
          \(Shell.powerless) ping-swift -n -c 1 --hardware-stamps -I $name 127.0.0.1 2>&1
          echo "code $?"
        done
        ping-swift -n -c 1 --hardware-stamps -I ww-none 127.0.0.1 2>&1; echo "code $?"
        """)
      // Nobody needs rights to be told that there is nothing.
      let expected = ["lo", "ww-veth0", "wan0"].flatMap { name in
        [String](
          repeating:
            "ping-swift: cannot use hardware stamps: \(name) has no hardware stamps of what it sends "
            + "and receives, as `ethtool -T \(name)` shows; leave out --hardware-stamps\ncode 2",
          count: 2)
      }
      let lines = result.output.split(separator: "\n")
      #expect(lines.prefix(12).joined(separator: "\n") == expected.joined(separator: "\n"))
      #expect(
        lines.dropFirst(12) == [
          "ping-swift: cannot bind to interface ww-none: No such device; `ip link` lists the interfaces",
          "code 2",
        ])
    }
  }

  /// The tool before a C library that makes loopback a card that stamps (Tests/Fixtures/stamping-card.c): all that a
  /// program sees of a card, and nothing that only a card can show.
  @Suite(
    "Hardware stamps of a card that seems to be there",
    .enabled(if: SeemingCard.canBeMade, "no cc"))
  struct SeemingCardLiveTests {
    /// Runs a script with `card TX RX`, which sets what the card does, and `stamped`, the tool.
    private func script(_ text: String) throws -> ScriptResult {
      try LiveLab.inside(
        """
        export CARD="$FOLDER/card"
        cc -shared -fPIC -o "$FOLDER/card.so" \(SeemingCard.source) -ldl || exit 9
        stamped='env LD_PRELOAD='$FOLDER'/card.so ping-swift -n --hardware-stamps -I lo -i 0.05 127.0.0.1'
        card() { echo "$1 $2" > "$CARD"; rm -f "$CARD.log"; }
        turns() { for turn in $(seq 100); do grep -qx "$1" "$CARD" && break; sleep 0.05; done; cat "$CARD"; }
        \(text)
        """)
    }

    /// The kernel stamps nothing that comes in the first milliseconds.
    @Test("delays lie between its stamps, and it is switched on and off again")
    func delays() throws {
      let result = try script("card 0 0; $stamped -c 9; cat $CARD.log $CARD")
      let stamped = result.lines.count { $0.contains(" time=") && !$0.contains("no hardware") }
      #expect(stamped > 0 && result.lines.contains("hardware stamps: \(stamped) of 9 delays"))
      #expect(result.lines.suffix(3) == ["1 1", "0 0", "0 0"], "\(result.output)")
    }

    @Test("what stamps all packets already is used, and not touched")
    func used() throws {
      let result = try script(
        "card 1 1; $stamped -c 9 --json; cat $CARD; test -e $CARD.log; echo $?")
      #expect(result.output.contains(#""rtt_source":"hardware""#))
      #expect(result.lines.suffix(2) == ["1 1", "1"], "\(result.output)")
    }

    @Test("one stamp is not enough, and is told as none")
    func half() throws {
      let result = try script("card 0 0; SENT_ONLY=1 $stamped -c 5")
      #expect(result.lines.count { $0.hasSuffix(" ms (no hardware stamps)") } == 5)
      #expect(result.lines.contains("hardware stamps: 0 of 5 delays"), "\(result.output)")
    }

    @Test("what cannot be switched on, or is not ours to change, is told and left")
    func refused() throws {
      let result = try script(
        """
        card 1 12; $stamped -c 1 2>&1; echo "code $?"; cat $CARD
        card 0 0; FILTERS=4097 $stamped -c 1 2>&1; echo "code $?"; cat $CARD
        FORBIDS=1 $stamped -c 1 2>&1; echo "code $?"; cat $CARD; test -e $CARD.log; echo $?
        """)
      let start = "ping-swift: cannot use hardware stamps: "
      #expect(
        result.lines == [
          "\(start)another program, such as ptp4l, has lo stamp what it needs itself (tx_type 1, "
            + "rx_filter 12), which is left as it is; leave out --hardware-stamps", "code 2",
          "1 12",
          "\(start)lo can stamp the packets of PTP only, as `ethtool -T lo` shows; leave out "
            + "--hardware-stamps", "code 2", "0 0",
          "ping-swift: cannot switch on the hardware stamps of lo: Operation not permitted; run as "
            + "root", "code 2", "0 0", "1",
        ])
    }

    @Test(
      "what was there is put back whatever ends the tool, even if its helper is signalled too",
      arguments: ["INT", "TERM", "HUP", "KILL"])
    func ended(signal: String) throws {
      let result = try script(
        """
        card 0 0; $stamped -q > /dev/null & tool=$!
        turns '1 1'
        for other in HUP INT TERM; do pkill -$other -P $tool; done
        kill -\(signal) $tool; wait $tool
        turns '0 0'
        """)
      #expect(result.lines.suffix(2) == ["1 1", "0 0"], "\(result.output)")
    }

    @Test("what somebody else has set meanwhile stays")
    func meanwhile() throws {
      let result = try script(
        """
        card 0 0; $stamped -q > /dev/null & tool=$!
        turns '1 1'; echo 1 12 > $CARD; kill -INT $tool; wait $tool; cat $CARD.log $CARD
        """)
      #expect(result.lines == ["1 1", "1 1", "1 12"], "\(result.output)")
    }
  }
}

/// The card that is none.
private enum SeemingCard {
  static let canBeMade = (try? LiveLab.run(["sh", "-c", "command -v cc"]))?.code == 0

  static let source: String = {
    let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    return "/\(tests)/Fixtures/stamping-card.c"
  }()
}
