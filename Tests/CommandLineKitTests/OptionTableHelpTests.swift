import CommandLineKit
import Testing

@Suite("Help")
struct OptionTableHelpTests {
  @Test func at80Columns() {
    #expect(
      sampleTable.help(columns: 80) == """
        Usage: sample-swift [OPTION]... TARGET
               sample-swift [OPTION]... -- COMMAND [ARGUMENT]...

        Shows what every kind of option looks like, in a sentence that has to be wrapped
        once.

        Probing:
          -c, --count COUNT           stop after COUNT replies
          -t, --ttl TTL               time to live of the probes
              --offset NUMBER         a number with a sign
          -i, --interval SECONDS      wait this long between two probes, which is one
                                      second unless it is said otherwise
          -w SECONDS                  end after this time
              --a-very-long-name-of-loss PERCENT
                                      lose this share

        Output:
          -n, --numeric               no names
          -4                          IPv4 only
          -6                          IPv6 only
          -s, --stamp                 another time stamp
          -I, --interface NAME        send from there
              --note WORD             keep a word

        Help:
          -h, --help                  show this help and end
          -V, --version               show the version and end

        Examples:
          sample-swift -c 3 www.discord.test
              Three probes, and then an explanation that is too long for one line of a
              usual terminal.
          sample-swift -- true
              Runs a command.

        Exit codes:
          0  at least one reply
          1  no reply
          2  a wrong command line, or a failure that kept the tool from doing its job at
             all

        """)
  }

  @Test func at40Columns() {
    #expect(
      sampleTable.help(columns: 40) == """
        Usage: sample-swift [OPTION]... TARGET
               sample-swift [OPTION]... --
                            COMMAND
                            [ARGUMENT]...

        Shows what every kind of option looks
        like, in a sentence that has to be
        wrapped once.

        Probing:
          -c, --count COUNT
                            stop after COUNT
                            replies
          -t, --ttl TTL     time to live of the
                            probes
              --offset NUMBER
                            a number with a sign
          -i, --interval SECONDS
                            wait this long
                            between two probes,
                            which is one second
                            unless it is said
                            otherwise
          -w SECONDS        end after this time
              --a-very-long-name-of-loss PERCENT
                            lose this share

        Output:
          -n, --numeric     no names
          -4                IPv4 only
          -6                IPv6 only
          -s, --stamp       another time stamp
          -I, --interface NAME
                            send from there
              --note WORD   keep a word

        Help:
          -h, --help        show this help and
                            end
          -V, --version     show the version and
                            end

        Examples:
          sample-swift -c 3 www.discord.test
              Three probes, and then an
              explanation that is too long for
              one line of a usual terminal.
          sample-swift -- true
              Runs a command.

        Exit codes:
          0  at least one reply
          1  no reply
          2  a wrong command line, or a failure
             that kept the tool from doing its
             job at all

        """)
  }

  @Test("below 40 columns it is laid out for 40")
  func tooNarrow() { #expect(sampleTable.help(columns: 10) == sampleTable.help(columns: 40)) }

  @Test(
    "no line is wider than the terminal, but for words that cannot be broken",
    arguments: [40, 61, 80, 132])
  func widths(columns: Int) {
    for line in sampleTable.help(columns: columns).split(separator: "\n") {
      #expect(line.count <= columns || line.hasPrefix("  sample-swift"))
      #expect(line.last != " ")
    }
  }

}
