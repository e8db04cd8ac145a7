// Recorded from the tests' own captures and read by people: every line says what is so.

/// What stories must look like.
enum Golden {
  static let page80 = """
    ── Neighbour look-up ───────────────────────────────────────────────────────────
        #1   0.000 ms  2 ARP    arp:1   →
           198.18.0.2 asks everyone on this link: who has 198.18.0.1?
        #2   0.100 ms  2 ARP    arp:1   ←
           198.18.0.1 answers #1 after 0.10 ms: it is at link address
           02:00:00:00:00:01, where frames for it must go.
    ── Name look-up ────────────────────────────────────────────────────────────────
        #3   0.200 ms  7 DNS    udp:1   →
           198.18.0.2 asks the resolver 203.0.113.53 for the IPv4 address (A) of
           www.discord.test. (It goes to the link address learned in #2.)
        #4  23.300 ms  7 DNS    udp:1   ←
           The resolver answers #3 after 23.1 ms: www.discord.test has the IPv4
           address 203.0.113.80, valid for 300 s.
    ── Handshake, tcp:1 ────────────────────────────────────────────────────────────
        #5  23.400 ms  4 TCP    tcp:1   →
           SYN, step 1 of 3: 198.18.0.2 asks www.discord.test (203.0.113.80) to open
           a connection to port 80, at the address learned in #4. Its sequence
           numbers start at 2837462; it takes up to 1460 bytes a segment.
        #6  47.500 ms  4 TCP    tcp:1   ←
           SYN-ACK, step 2 of 3: www.discord.test (203.0.113.80) agrees to #5 after
           24.1 ms, the round trip seen from here. Its sequence numbers start at
           991000001; it takes up to 1460 bytes a segment.
        #7  47.600 ms  4 TCP    tcp:1   →
           ACK, step 3 of 3: the client confirms #6. The connection tcp:1 is open:
           #5, #6 and #7 were its handshake, 24.2 ms long. Agreed: scaled windows
           and selective ACKs.
    ── Request and wait, tcp:1 ─────────────────────────────────────────────────────
        #8  47.700 ms  7 HTTP   tcp:1   →
           GET: the client asks www.discord.test for / (67 bytes, HTTP/1.1,
           curl/7.88.1), on the connection that #5, #6 and #7 opened.
        #9  71.800 ms  4 TCP    tcp:1   ←
           ACK: the server confirms #8 after 24.1 ms: it has all 67 bytes that the
           client has sent so far.
    ── Transfer, tcp:1 ─────────────────────────────────────────────────────────────
       #10  71.900 ms  7 HTTP   tcp:1   ←
           200 OK: the server answers the GET of #8 after 24.2 ms. It sends
           text/html. The body is 2000 bytes long, 1380 bytes of it here.
       #11  72.000 ms  7 HTTP   tcp:1   ←
           The end of the answer to #8: all 2000 bytes of body are here, 0.10 ms
           after its start in #10.
       #12  72.100 ms  4 TCP    tcp:1   →
           ACK: the client confirms #10 and #11 after 0.10 ms: it has all 2066 bytes
           that the server has sent so far.
    ── Teardown, tcp:1 ─────────────────────────────────────────────────────────────
       #13  72.200 ms  4 TCP    tcp:1   →
           FIN: the client has sent all it had and closes its direction first; the
           server may still send.
       #14  72.300 ms  4 TCP    tcp:1   ←
           FIN: the server confirms #13 and closes its direction too, 0.10 ms later.
       #15  72.400 ms  4 TCP    tcp:1   →
           ACK: the client confirms the FIN of the server (#14) and all before it.
           With it tcp:1 is closed after 49.0 ms: 67 bytes to the server, 2066 back.
    ── Summary ─────────────────────────────────────────────────────────────────────
    15 packets, 3019 bytes on the wire, 72.4 ms from the first to the last.

    Where the time went, from 0 ms to 72.3 ms
      neighbour look-up arp:1 #1-#2    0.10 ms │▏                                  │
      name look-up      udp:1 #3-#4    23.1 ms │███████████                        │
      handshake         tcp:1 #5-#7    24.2 ms │           ████████████            │
      request and wait  tcp:1 #8-#9    24.2 ms │                       ████████████│
      transfer          tcp:1 #10-#12  0.10 ms │                                  █│
      teardown          tcp:1 #13-#15  0.10 ms │                                  █│

    GET www.discord.test/: 1 request in 71.8 ms
      name look-up          23.1 ms   32.2%
      connect               24.3 ms   33.8%
      request               0.10 ms    0.1%
      wait                  24.2 ms   33.7%
      content               0.10 ms    0.1%

    Each request's time, in ms, phase by phase
              look-up  connect      TLS  request     wait  content      all
      #8        23.10    24.30        -     0.10    24.20     0.10    71.80
        GET www.discord.test/

    Handshakes
      tcp:1: #5, #6, #7. 198.18.0.2 to www.discord.test (203.0.113.80) port 80 in
        24.2 ms; round trip from here 24.1 ms to the server, 0.10 ms to the client.

    Names
      #3, #4, 23.1 ms: www.discord.test has the IPv4 address 203.0.113.80.

    Requests
      #8, tcp:1: GET www.discord.test/: 200 OK in #10, after 24.2 ms; 2000 bytes
        of body up to #11.

    Flows: packets and bytes from the first side and to it
      arp:1 ARP     1 1    42   42  0.10 ms  198.18.0.2 > 198.18.0.1
      udp:1 DNS     1 1    76  108  23.1 ms  198.18.0.2 port 50001 > 203.0.113.53
                                             port 53
      tcp:1 HTTP    6 5   403 2348  49.0 ms  198.18.0.2 port 40001 >
                                             www.discord.test port 80

    """

  static let page120 = """
        #     time ms  layer    flow      what it does
    -- Neighbour look-up ---------------------------------------------------------------------------------------------------
        #1      0.000  2 ARP    arp:1   > 198.18.0.2 asks everyone on this link: who has 198.18.0.1?
        #2      0.100  2 ARP    arp:1   < 198.18.0.1 answers #1 after 0.10 ms: it is at link address 02:00:00:00:00:01,
                                          where frames for it must go.
    -- Name look-up --------------------------------------------------------------------------------------------------------
        #3      0.200  7 DNS    udp:1   > 198.18.0.2 asks the resolver 203.0.113.53 for the IPv4 address (A) of
                                          www.discord.test. (It goes to the link address learned in #2.)
        #4     23.300  7 DNS    udp:1   < The resolver answers #3 after 23.1 ms: www.discord.test has the IPv4 address
                                          203.0.113.80, valid for 300 s.
    -- Handshake, tcp:1 ----------------------------------------------------------------------------------------------------
        #5     23.400  4 TCP    tcp:1   > SYN, step 1 of 3: 198.18.0.2 asks www.discord.test (203.0.113.80) to open a
                                          connection to port 80, at the address learned in #4. Its sequence numbers start at
                                          2837462; it takes up to 1460 bytes a segment.
        #6     47.500  4 TCP    tcp:1   < SYN-ACK, step 2 of 3: www.discord.test (203.0.113.80) agrees to #5 after 24.1 ms,
                                          the round trip seen from here. Its sequence numbers start at 991000001; it takes
                                          up to 1460 bytes a segment.
        #7     47.600  4 TCP    tcp:1   > ACK, step 3 of 3: the client confirms #6. The connection tcp:1 is open: #5, #6 and
                                          #7 were its handshake, 24.2 ms long. Agreed: scaled windows and selective ACKs.
    -- Request and wait, tcp:1 ---------------------------------------------------------------------------------------------
        #8     47.700  7 HTTP   tcp:1   > GET: the client asks www.discord.test for / (67 bytes, HTTP/1.1, curl/7.88.1), on
                                          the connection that #5, #6 and #7 opened.
        #9     71.800  4 TCP    tcp:1   < ACK: the server confirms #8 after 24.1 ms: it has all 67 bytes that the client has
                                          sent so far.
    -- Transfer, tcp:1 -----------------------------------------------------------------------------------------------------
       #10     71.900  7 HTTP   tcp:1   < 200 OK: the server answers the GET of #8 after 24.2 ms. It sends text/html. The
                                          body is 2000 bytes long, 1380 bytes of it here.
       #11     72.000  7 HTTP   tcp:1   < The end of the answer to #8: all 2000 bytes of body are here, 0.10 ms after its
                                          start in #10.
       #12     72.100  4 TCP    tcp:1   > ACK: the client confirms #10 and #11 after 0.10 ms: it has all 2066 bytes that the
                                          server has sent so far.
    -- Teardown, tcp:1 -----------------------------------------------------------------------------------------------------
       #13     72.200  4 TCP    tcp:1   > FIN: the client has sent all it had and closes its direction first; the server may
                                          still send.
       #14     72.300  4 TCP    tcp:1   < FIN: the server confirms #13 and closes its direction too, 0.10 ms later.
       #15     72.400  4 TCP    tcp:1   > ACK: the client confirms the FIN of the server (#14) and all before it. With it
                                          tcp:1 is closed after 49.0 ms: 67 bytes to the server, 2066 back.
    -- Summary -------------------------------------------------------------------------------------------------------------
    15 packets, 3019 bytes on the wire, 72.4 ms from the first to the last.

    Where the time went, from 0 ms to 72.3 ms
      neighbour look-up arp:1 #1-#2    0.10 ms ||                                            |
      name look-up      udp:1 #3-#4    23.1 ms |===============                              | www.discord.test
      handshake         tcp:1 #5-#7    24.2 ms |              ================               | www.discord.test port 80
      request and wait  tcp:1 #8-#9    24.2 ms |                             ================| GET /
      transfer          tcp:1 #10-#12  0.10 ms |                                            =| 200 OK
      teardown          tcp:1 #13-#15  0.10 ms |                                            =|

    GET www.discord.test/: 1 request in 71.8 ms
      name look-up          23.1 ms   32.2%
      connect               24.3 ms   33.8%
      request               0.10 ms    0.1%
      wait                  24.2 ms   33.7%
      content               0.10 ms    0.1%

    Each request's time, in ms, phase by phase
              look-up  connect      TLS  request     wait  content      all
      #8        23.10    24.30        -     0.10    24.20     0.10    71.80  GET www.discord.test/

    Handshakes
      tcp:1: #5, #6, #7. 198.18.0.2 to www.discord.test (203.0.113.80) port 80 in 24.2 ms; round trip from here 24.1 ms to
        the server, 0.10 ms to the client.

    Names
      #3, #4, 23.1 ms: www.discord.test has the IPv4 address 203.0.113.80.

    Requests
      #8, tcp:1: GET www.discord.test/: 200 OK in #10, after 24.2 ms; 2000 bytes of body up to #11.

    Flows: packets and bytes from the first side and to it
      arp:1 ARP     1 1    42   42  0.10 ms  198.18.0.2 > 198.18.0.1
      udp:1 DNS     1 1    76  108  23.1 ms  198.18.0.2 port 50001 > 203.0.113.53 port 53
      tcp:1 HTTP    6 5   403 2348  49.0 ms  198.18.0.2 port 40001 > www.discord.test port 80

    """

  static let troubles = """
    == names
    1 7 DNS udp:1: 198.18.0.2 asks the resolver 203.0.113.53 for the IPv4 address (A) of cdn.discord.test.
    2 7 DNS udp:1: The resolver answers #1 after 1.00 ms: cdn.discord.test is an alias of edge.discord.test, which has the IPv4 addresses 203.0.113.81, 203.0.113.82 and 2 more, valid for 20 s.
    3 7 DNS udp:2: 198.18.0.2 asks the resolver 203.0.113.53 for the IPv4 address (A) of nope.test.
    4 7 DNS udp:2: The resolver answers #3 after 1.00 ms: there is no name nope.test (NXDOMAIN).
    5 7 DNS udp:3: 198.18.0.2 asks the resolver 203.0.113.53 for the IPv6 address (AAAA) of v4only.test.
    6 7 DNS udp:3: The resolver answers #5 after 1.00 ms: v4only.test exists, but has no IPv6 address (AAAA).
    7 7 DNS udp:4: 198.18.0.2 asks the resolver 203.0.113.53 for the IPv4 address (A) of broken.test.
    8 7 DNS udp:4: The resolver answers #7 after 1.00 ms: no answer for broken.test (SERVFAIL: it or a server behind it failed).
    9 7 DNS udp:5: 198.18.0.2 asks the resolver 203.0.113.53 for the IPv4 address (A) of slow.test.
    10 7 DNS udp:5: 198.18.0.2 asks the resolver 203.0.113.53 for the IPv4 address (A) of slow.test. It asks again, for #9 has no answer after 5.00 s.
    11 7 DNS udp:5: The resolver answers #10 after 1.00 ms: slow.test has the IPv4 address 203.0.113.90, valid for 5 s.
    12 7 DNS udp:5: The resolver answers #10 after 2.00 ms, once more after #11: slow.test has the IPv4 address 203.0.113.90, valid for 5 s.
    13 7 DNS udp:6: 198.18.0.2 asks the resolver 203.0.113.53 for the text (TXT) of big.test.
    14 7 DNS udp:6: The resolver answers #13 after 1.00 ms: the answer for big.test is cut off, and must be asked for over TCP.
    15 7 DNS udp:7: 198.18.0.2 asks the resolver 203.0.113.53 for the mail exchanges (MX) of discord.test.
    16 7 DNS udp:7: The resolver answers #15 after 1.00 ms: discord.test has the mail exchange mx.test, valid for 9 s.
    17 7 DNS udp:8: 198.18.0.2 asks the resolver 203.0.113.53 for the name of 203.0.113.80 (PTR).
    18 7 DNS udp:8: The resolver answers #17 after 1.00 ms: 203.0.113.80 has the name www.discord.test, valid for 9 s.
    19 7 DNS udp:9: 198.18.0.2 asks the resolver 203.0.113.53 for the web service parameters (HTTPS) of lost.test.
    20 7 DNS udp:10: The resolver answers a query that is not in this capture: who.test has the IPv4 address 192.0.2.1, valid for 1 s.
    ! No DNS answer to #19 is in this capture.
    ! A name look-up failed (#8).
    ! A name does not exist (#4).
    == refused
    1 7 DNS udp:1: 198.18.0.2 asks the resolver 203.0.113.53 for the IPv4 address (A) of www.discord.test.
    2 7 DNS udp:1: The resolver answers #1 after 24.0 ms: www.discord.test has the IPv4 address 203.0.113.80, valid for 300 s.
    3 4 TCP tcp:1: SYN, step 1 of 3: 198.18.0.2 asks www.discord.test (203.0.113.80) to open a connection to port 81, at the address learned in #2. Its sequence numbers start at 2837462.
    4 4 TCP tcp:1: RST: www.discord.test (203.0.113.80) refuses #3 after 1.00 ms: no program listens on port 81, or a firewall says so.
    ! A connection was refused (#4).
    == lost SYN
    1 4 TCP tcp:1: SYN, step 1 of 3: 198.18.0.2 asks 203.0.113.80 to open a connection to port 80. Its sequence numbers start at 2837462; it takes up to 1460 bytes a segment.
    2 4 TCP tcp:1: SYN again: the client has had no answer to #1 for 1.00 s and asks once more (attempt 2).
    3 4 TCP tcp:1: SYN again: the client has had no answer to #1 for 3.00 s and asks once more (attempt 3).
    4 4 TCP tcp:1: SYN-ACK, step 2 of 3: 203.0.113.80 agrees to #3 after 1.00 ms, or to a SYN before it. Its sequence numbers start at 991000001.
    5 4 TCP tcp:1: SYN-ACK again: the server has had no answer to #4 for 1.00 ms.
    6 4 TCP tcp:1: ACK, step 3 of 3: the client confirms #4. The connection tcp:1 is open: #1, #4 and #6 were its handshake, 3.01 s long.
    ! No DNS answer in this capture gave 203.0.113.80: the name was in a cache or a hosts file, was asked for over an enciphered channel, or was not needed.
    ! 3 SYNs or SYN-ACKs were sent again (#2, #3, #5).
    == lost data
    4 7 HTTP tcp:1: GET: the client asks www.discord.test for / (67 bytes, HTTP/1.1, curl/7.88.1), on the connection that #1, #2 and #3 opened.
    5 4 TCP tcp:1: Sent again: bytes 1-67 of the client, as in #4 201.0 ms before, for no ACK had come.
    6 4 TCP tcp:1: ACK: the server confirms #4 after 202.0 ms: it has all 67 bytes that the client has sent so far.
    7 4 TCP tcp:1: Sent again: bytes 1-67 of the client, as in #4 203.0 ms before, though #6 had confirmed them.
    8 7 HTTP tcp:1: 200 OK: the server answers the GET of #4 after 204.0 ms. The body is 5000 bytes long, in later packets.
    9 4 TCP tcp:1: ACK: the client confirms #8 after 1.00 ms: it has all 41 bytes that the server has sent so far.
    10 7 HTTP tcp:1: 1000 more bytes of the answer to #4: 1000 of 5000 so far.
    11 7 HTTP tcp:1: 1000 more bytes of the answer to #4: 2000 of 5000 so far.
    12 4 TCP tcp:1: Duplicate ACK 1: the client still waits for byte 42 while later ones arrive.
    13 7 HTTP tcp:1: 1000 more bytes of the answer to #4: 3000 of 5000 so far.
    14 4 TCP tcp:1: Duplicate ACK 2: the client still waits for byte 42 while later ones arrive.
    15 7 HTTP tcp:1: 1000 more bytes of the answer to #4: 4000 of 5000 so far.
    16 4 TCP tcp:1: Duplicate ACK 3: the client still waits for byte 42 while later ones arrive. The third one: the server will send it again without waiting.
    17 4 TCP tcp:1: Sent again: bytes 42-1041 of the server, as in #10 7.00 ms before, as 3 duplicate ACKs asked for.
    18 4 TCP tcp:1: ACK: the client confirms #10 to #15 (4 segments) after 3.00 ms: it has all 4041 bytes that the server has sent so far.
    19 7 HTTP tcp:1: The end of the answer to #4: all 5000 bytes of body are here, 11.0 ms after its start in #8.
    ! No DNS answer in this capture gave 203.0.113.80: the name was in a cache or a hosts file, was asked for over an enciphered channel, or was not needed.
    ! 3 segments were sent again (#5, #7, #17).
    == reordered
    4 7 HTTP tcp:1: GET: the client asks www.discord.test for / (67 bytes, HTTP/1.1, curl/7.88.1), on the connection that #1, #2 and #3 opened.
    5 4 TCP tcp:1: Bytes 51-80 of the server, ahead of their turn: bytes 1-50 are not seen yet, lost or overtaken on the way here, or not captured.
    6 7 HTTP tcp:1: 200 OK: the server answers the GET of #4 after 2.00 ms. The body is 60 bytes long, 30 bytes of it here. It was overtaken by #5.
    7 4 TCP tcp:1: Bytes 91-99 of the server, ahead of their turn: bytes 81-90 are not seen yet, lost or overtaken on the way here, or not captured.
    8 7 HTTP tcp:1: The end of the answer to #4: all 60 bytes of body are here, 100.2 ms after its start in #6. It fills the gap before #7, most likely sent again.
    9 4 TCP tcp:1: ACK: the client confirms #5 to #8 (4 segments) after 0.10 ms: it has all 99 bytes that the server has sent so far.
    ! No DNS answer in this capture gave 203.0.113.80: the name was in a cache or a hosts file, was asked for over an enciphered channel, or was not needed.
    ! A segment was sent again (#8).
    ! A segment was overtaken on its way (#6).
    ! 2 segments came before what precedes them (#5, #7).
    == half close
    4 7 HTTP tcp:1: GET: the client asks www.discord.test for / (67 bytes, HTTP/1.1, curl/7.88.1), on the connection that #1, #2 and #3 opened. And FIN: the client will send no more.
    5 4 TCP tcp:1: ACK: the server confirms the FIN of the client (#4) and all before it. The server has not closed its own direction yet.
    6 7 HTTP tcp:1: 200 OK: the server answers the GET of #4 after 2.00 ms. The body ends with the connection; 9 bytes of it here.
    7 4 TCP tcp:1: ACK: the client confirms #6 after 1.00 ms: it has all 28 bytes that the server has sent so far.
    8 7 HTTP tcp:1: The end of the answer to #4: all 9 bytes of body are here, 2.00 ms after its start in #6. And FIN: the server closes its direction too.
    9 4 TCP tcp:1: ACK: the client confirms the FIN of the server (#8) and all before it. With it tcp:1 is closed after 8.00 ms: 67 bytes to the server, 28 back.
    ! No DNS answer in this capture gave 203.0.113.80: the name was in a cache or a hosts file, was asked for over an enciphered channel, or was not needed.
    == reset
    4 7 HTTP tcp:1: GET: the client asks www.discord.test for / (67 bytes, HTTP/1.1, curl/7.88.1), on the connection that #1, #2 and #3 opened.
    5 7 HTTP tcp:1: 200 OK: the server answers the GET of #4 after 1.00 ms. The body is 9000 bytes long, 5 bytes of it here.
    6 4 TCP tcp:1: RST: the server breaks tcp:1 off; what was still on the way is lost. The answer to #4 is cut short: 5 bytes of 9000 came.
    7 4 TCP tcp:1: RST: the client wants nothing more of tcp:1, which is over for it.
    ! No DNS answer in this capture gave 203.0.113.80: the name was in a cache or a hosts file, was asked for over an enciphered channel, or was not needed.
    ! A connection was broken off (RST) (#6).
    == mid stream
    1 4 TCP tcp:1: ACK: 198.18.0.2 port 40001 confirms what 198.18.0.3 port 40002 sent before this capture began. (The capture begins in the middle of tcp:1.)
    2 4 TCP tcp:1: 3 bytes from 198.18.0.3 port 40002 (bytes 1-3) of a protocol that is not decoded here.
    3 4 TCP tcp:1: ACK: 198.18.0.2 port 40001 confirms #2 after 1.00 ms: it has all that 198.18.0.3 port 40002 was seen to send.
    4 7 HTTP tcp:1: GET: the client asks 198.18.0.3 for /late (22 bytes, HTTP/1.1).
    5 7 HTTP tcp:1: 404 Not Found: the server answers the GET of #4 after 1.00 ms. There is no body.
    ! The beginning of tcp:1 is not in this capture. It began later than the connection, or a filter left it out.
    ! An HTTP answer was an error (#5).
    == window
    4 4 TCP tcp:1: 3 bytes from the server (bytes 1-3) of a protocol that is not decoded here.
    5 4 TCP tcp:1: ACK: the client confirms #4 after 1.00 ms: it has all 3 bytes that the server has sent so far. Its buffer is full (window 0): the server must wait.
    6 4 TCP tcp:1: 1 byte from the server (byte 4) of a protocol that is not decoded here. It tries whether the closed window has opened.
    7 4 TCP tcp:1: ACK: the client answers the probe #6 after 1.00 ms: it is still there.
    8 4 TCP tcp:1: ACK: the client confirms nothing new, but can now take 1152 more bytes (before: 0). There is room again: the server may go on.
    9 4 TCP tcp:1: ACK: the client confirms nothing new, but now takes only 1024 more bytes (before: 1152).
    ! No DNS answer in this capture gave 203.0.113.80: the name was in a cache or a hosts file, was asked for over an enciphered channel, or was not needed.
    ! A receiver's buffer was full (#5).
    == keep-alive
    4 4 TCP tcp:1: 3 bytes from the client (bytes 1-3) of a protocol that is not decoded here.
    5 4 TCP tcp:1: ACK: the server confirms #4 after 1.00 ms: it has all 3 bytes that the client has sent so far.
    6 4 TCP tcp:1: Keep-alive: the client sends nothing new, to hear whether the server is there.
    7 4 TCP tcp:1: ACK: the server answers the probe #6 after 1.00 ms: it is still there.
    8 4 TCP tcp:1: ACK: the server confirms once more what it has confirmed before.
    ! No DNS answer in this capture gave 203.0.113.80: the name was in a cache or a hosts file, was asked for over an enciphered channel, or was not needed.
    == two pages
    1 7 DNS udp:1: 198.18.0.2 asks the resolver 203.0.113.53 for the IPv4 address (A) of www.discord.test.
    2 7 DNS udp:1: The resolver answers #1 after 24.0 ms: www.discord.test has the IPv4 address 203.0.113.80, valid for 300 s.
    3 4 TCP tcp:1: SYN, step 1 of 3: 198.18.0.2 asks www.discord.test (203.0.113.80) to open a connection to port 80, at the address learned in #2. Its sequence numbers start at 2837462.
    4 4 TCP tcp:2: SYN, step 1 of 3: 198.18.0.2 asks www.discord.test (203.0.113.80) to open a connection to port 80, at the address learned in #2. Its sequence numbers start at 5.
    5 4 TCP tcp:1: SYN-ACK, step 2 of 3: www.discord.test (203.0.113.80) agrees to #3 after 2.00 ms, the round trip seen from here. Its sequence numbers start at 991000001.
    6 4 TCP tcp:2: SYN-ACK, step 2 of 3: www.discord.test (203.0.113.80) agrees to #4 after 2.00 ms, the round trip seen from here. Its sequence numbers start at 991000001.
    7 4 TCP tcp:2: ACK, step 3 of 3: the client confirms #6. The connection tcp:2 is open: #4, #6 and #7 were its handshake, 3.00 ms long.
    8 7 HTTP tcp:1: ACK, step 3 of 3 (handshake #3, #5, #8), with data at once. GET: the client asks www.discord.test for / (67 bytes, HTTP/1.1, curl/7.88.1).
    9 7 HTTP tcp:2: GET: the client asks www.discord.test for /b.css (47 bytes, HTTP/1.1), on the connection that #4, #6 and #7 opened.
    10 7 HTTP tcp:2: 304 Not Modified: the server answers the GET of #9 after 1.00 ms: the client's copy is still good. There is no body.
    11 7 HTTP tcp:1: 301 Moved Permanently: the server answers the GET of #8 after 3.00 ms: go to https://www.discord.test/. There is no body.
    12 7 HTTP tcp:2: GET: the client asks www.discord.test for /c.js (46 bytes, HTTP/1.1), request 2 on tcp:2 after the answer in #10.
    ! No HTTP answer to #12 is in this capture.
    == pipelined
    4 7 HTTP tcp:1: GET: the client asks www.discord.test for / (67 bytes, HTTP/1.1, curl/7.88.1), on the connection that #1, #2 and #3 opened.
    5 7 HTTP tcp:1: GET: the client asks 203.0.113.80 for /b (19 bytes, HTTP/1.1), without waiting for 1 answer. HEAD: the client asks 203.0.113.80 for the head alone of /c (20 bytes, HTTP/1.1), without waiting for 2 answers.
    6 7 HTTP tcp:1: 200 OK: the server answers the GET of #4 after 2.00 ms. The body is 5 bytes long, all of them here. 500 Oops: the server answers the GET of #5 after 1.00 ms. The body is 10 bytes long, 5 bytes of it here.
    7 7 HTTP tcp:1: The end of the answer to #5: all 10 bytes of body are here, 1.00 ms after its start in #6. 200 OK: the server answers the HEAD of #5 after 2.00 ms. There is no body.
    ! No DNS answer in this capture gave 203.0.113.80: the name was in a cache or a hosts file, was asked for over an enciphered channel, or was not needed.
    ! An HTTP answer was an error (#6).
    == bodies
    4 7 HTTP tcp:1: POST: the client sends data to x.test under /form (79 bytes, HTTP/1.1), on the connection that #1, #2 and #3 opened. The body is 20 bytes long, in later packets.
    5 7 HTTP tcp:1: 100 Continue: the server answers the POST of #4 after 1.00 ms: go on with it.
    6 7 HTTP tcp:1: 10 more bytes of the request of #4: 10 of 20 so far.
    7 7 HTTP tcp:1: The end of the request of #4: all 20 bytes of body are here, 3.00 ms after its start in #4.
    8 7 HTTP tcp:1: 201 Created: the server answers the POST of #4 after 1.00 ms. It sends text/html, gzip-encoded. The body comes in chunks, 3 bytes of it here.
    9 7 HTTP tcp:1: The end of the answer to #4: all 5 bytes of body are here, 1.00 ms after its start in #8.
    10 7 HTTP tcp:1: HEAD: the client asks 203.0.113.80 for the head alone of / (19 bytes, HTTP/1.0), request 2 on tcp:1 after the answer in #8.
    11 7 HTTP tcp:1: 200 OK: the server answers the HEAD of #10 after 1.00 ms. There is no body.
    12 7 HTTP tcp:1: DELETE: the client has x.test delete /x (36 bytes, HTTP/1.1), request 3 on tcp:1 after the answer in #11.
    13 7 HTTP tcp:1: 204 No Content: the server answers the DELETE of #12 after 1.00 ms. There is no body.
    14 7 HTTP tcp:1: GET: the client asks 203.0.113.80 for /z (19 bytes, HTTP/1.0), request 4 on tcp:1 after the answer in #13.
    15 7 HTTP tcp:1: 200 OK: the server answers the GET of #14 after 1.00 ms. The body ends with the connection; 3 bytes of it here.
    16 7 HTTP tcp:1: The end of the answer to #14: all 3 bytes of body are here, 1.00 ms after its start in #15. And FIN: the server will send no more.
    ! No DNS answer in this capture gave 203.0.113.80: the name was in a cache or a hosts file, was asked for over an enciphered channel, or was not needed.
    == split head
    4 7 HTTP tcp:1: What looks like the beginning of a request, "GET /x HT"...: 9 bytes of its head.
    5 7 HTTP tcp:1: 21 more bytes of the head that #4 began.
    6 7 HTTP tcp:1: GET: the client asks www.discord.test for /x (43 bytes, HTTP/1.1), begun in #4, on the connection that #1, #2 and #3 opened.
    ! No DNS answer in this capture gave 203.0.113.80: the name was in a cache or a hosts file, was asked for over an enciphered channel, or was not needed.
    ! No HTTP answer to #4 is in this capture.
    == cut short
    4 7 HTTP tcp:1: GET: the client asks www.discord.test for / (67 bytes, HTTP/1.1, curl/7.88.1), on the connection that #1, #2 and #3 opened.
    5 7 HTTP tcp:1: 200 OK: the server answers the GET of #4 after 1.00 ms. The body is 50 bytes long, 5 bytes of it here.
    6 7 HTTP tcp:1: The answer to #4 is cut short: 5 bytes of 50 came. And FIN: the server will send no more.
    ! No DNS answer in this capture gave 203.0.113.80: the name was in a cache or a hosts file, was asked for over an enciphered channel, or was not needed.
    == gap
    4 7 HTTP tcp:1: GET: the client asks www.discord.test for / (67 bytes, HTTP/1.1, curl/7.88.1), on the connection that #1, #2 and #3 opened.
    5 7 HTTP tcp:1: 200 OK: the server answers the GET of #4 after 1.00 ms. The body is 30 bytes long, in later packets.
    6 4 TCP tcp:1: Bytes 50-59 of the server, ahead of their turn: bytes 40-49 are not seen yet, lost or overtaken on the way here, or not captured.
    7 4 TCP tcp:1: ACK: the client confirms #5 and #6 after 1.00 ms: it has all 59 bytes that the server has sent so far. This capture does not hold bytes 40-49 of them.
    8 7 HTTP tcp:1: The end of the answer to #4: all but 14 of 30 bytes of body are here, 3.00 ms after its start in #5. (Of what was to be read, 14 bytes are not in this capture.)
    ! No DNS answer in this capture gave 203.0.113.80: the name was in a cache or a hosts file, was asked for over an enciphered channel, or was not needed.
    ! 10 bytes that were sent are not here (1 place). They took another way, or the capture dropped them.
    ! 1 packet captured only in part: the snapshot length cut the rest.
    ! A segment came before what precedes it (#6).
    ! An ACK is for data that is not here (#7).
    == tls
    1 7 DNS udp:1: 198.18.0.2 asks the resolver 203.0.113.53 for the IPv4 address (A) of www.discord.test.
    2 7 DNS udp:1: The resolver answers #1 after 24.0 ms: www.discord.test has the IPv4 address 203.0.113.80, valid for 300 s.
    3 4 TCP tcp:1: SYN, step 1 of 3: 198.18.0.2 asks www.discord.test (203.0.113.80) to open a connection to port 443, at the address learned in #2. Its sequence numbers start at 2837462; it takes up to 1460 bytes a segment.
    4 4 TCP tcp:1: SYN-ACK, step 2 of 3: www.discord.test (203.0.113.80) agrees to #3 after 1.00 ms, the round trip seen from here. Its sequence numbers start at 991000001; it takes up to 1460 bytes a segment.
    5 4 TCP tcp:1: ACK, step 3 of 3: the client confirms #4. The connection tcp:1 is open: #3, #4 and #5 were its handshake, 2.00 ms long. Agreed: scaled windows and selective ACKs.
    6 6 TLS tcp:1: ClientHello: the client offers TLS 1.2 and names the site it wants, www.discord.test, for all to read; inside it would speak h2.
    7 6 TLS tcp:1: ServerHello: the server chooses TLS 1.3 (TLS_AES_128_GCM_SHA256). All that follows is enciphered, the certificate too.
    8 6 TLS tcp:1: TLS: the server changes to enciphered records from here on (6 bytes).
    9 6 TLS tcp:1: TLS: 8 bytes from the client, enciphered: what they say cannot be seen.
    10 6 TLS tcp:1: TLS: an alert from the server, enciphered. And FIN: the server will send no more.
    ! What was said on tcp:1 with www.discord.test (203.0.113.80) is enciphered by TLS: names, pages and answers are hidden, sizes and times are not.
    ! The certificate of the server on tcp:1 with www.discord.test (203.0.113.80) is not to be seen: TLS 1.3 enciphers it, for both sides have keys after their hellos.
    == certificate
    4 6 TLS tcp:1: ServerHello: the server chooses TLS 1.2 (TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256). Its certificate, in the clear, is for www.discord.test and 1 other name, says Lab Root 7, until 2027-01-02.
    5 4 TCP tcp:2: SYN, step 1 of 3: 198.18.0.2 asks 203.0.113.80 to open a connection to port 443. Its sequence numbers start at 2837462; it takes up to 1460 bytes a segment.
    6 4 TCP tcp:2: SYN-ACK, step 2 of 3: 203.0.113.80 agrees to #5 after 1.00 ms, the round trip seen from here. Its sequence numbers start at 991000001; it takes up to 1460 bytes a segment.
    7 4 TCP tcp:2: ACK, step 3 of 3: the client confirms #6. The connection tcp:2 is open: #5, #6 and #7 were its handshake, 2.00 ms long. Agreed: scaled windows and selective ACKs.
    8 6 TLS tcp:2: ServerHello: the server chooses TLS 1.2 (TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256). Its certificate and keys follow in the clear; data will be enciphered.
    9 6 TLS tcp:2: Certificate: that of the server is for www.discord.test and 1 other name, says Lab Root 7, until 2027-01-02.
    ! What was said on tcp:1 with 203.0.113.80 and tcp:2 with 203.0.113.80 is enciphered by TLS: names, pages and answers are hidden, sizes and times are not.
    ! No DNS answer in this capture gave 203.0.113.80: the name was in a cache or a hosts file, was asked for over an enciphered channel, or was not needed.
    == ping
    1 3 ICMP icmp:1: Echo request (ping) 3: 198.18.0.2 asks 203.0.113.80 to send 56 bytes back.
    2 3 ICMP icmp:1: Echo reply: 203.0.113.80 answers #1 after 1.00 ms.
    3 3 ICMP icmp:1: Echo reply: 203.0.113.80 answers #1 after 2.00 ms, and not for the first time: #2 was its reply too.
    4 3 ICMP icmp:1: Echo reply 9 from 203.0.113.80 to 198.18.0.2; the request is not in this capture.
    == errors
    1 4 UDP udp:1: 198.18.0.2 sends 3 bytes to 203.0.113.80 port 33434 (usually a traceroute probe), with a time to live of 3; the content is not decoded here.
    2 3 ICMP icmp:1: 192.0.2.1 reports that #1 of udp:1 (198.18.0.2 to 203.0.113.80 port 33434) was dropped there: its time to live ran out on the way.
    3 3 ICMP icmp:1: 192.0.2.1 reports that #1 of udp:1 (198.18.0.2 to 203.0.113.80 port 33434) was given up: not all of its pieces came in time.
    4 3 ICMP icmp:1: 192.0.2.1 reports that #1 of udp:1 (198.18.0.2 to 203.0.113.80 port 33434) cannot go on: no route to that network.
    5 3 ICMP icmp:1: 192.0.2.1 reports that #1 of udp:1 (198.18.0.2 to 203.0.113.80 port 33434) cannot go on: the host cannot be reached.
    6 3 ICMP icmp:1: 192.0.2.1 reports that #1 of udp:1 (198.18.0.2 to 203.0.113.80 port 33434) came to a host that does not know its protocol.
    7 3 ICMP icmp:1: 192.0.2.1 reports that #1 of udp:1 (198.18.0.2 to 203.0.113.80 port 33434) came to a host where no program listens on that port.
    8 3 ICMP icmp:1: 192.0.2.1 reports that #1 of udp:1 (198.18.0.2 to 203.0.113.80 port 33434) is too long for the next link, which takes 1400 bytes.
    9 3 ICMP icmp:1: 192.0.2.1 reports that #1 of udp:1 (198.18.0.2 to 203.0.113.80 port 33434) was stopped by a filter.
    10 3 ICMP icmp:1: 192.0.2.1 reports that #1 of udp:1 (198.18.0.2 to 203.0.113.80 port 33434) cannot go on (unreachable, code 7).
    11 3 ICMP icmp:1: 192.0.2.1 reports that #1 of udp:1 (198.18.0.2 to 203.0.113.80 port 33434) cannot be understood from byte 5 of its header on.
    12 3 ICMP icmp:1: 192.0.2.1 reports that #1 of udp:1 (198.18.0.2 to 203.0.113.80 port 33434) came too fast.
    13 3 ICMP icmp:1: 192.0.2.1 reports ICMP type 5, code 0; which packet it means cannot be read.
    14 3 ICMP icmp:1: 192.0.2.1 sends 198.18.0.2 a message: ICMP type 13, code 0.
    ! 12 errors were reported by ICMP (#2, #3, #4, #5, #6, #7, #8, #9 and 4 more).
    == datagrams
    1 4 UDP udp:1: 198.18.0.2 sends 3 bytes to 203.0.113.80 port 123 (usually NTP, the time of day); the content is not decoded here.
    2 4 UDP udp:1: 203.0.113.80 sends 2 bytes back to 198.18.0.2, 1.00 ms after #1 (usually NTP, the time of day); the content is not decoded here.
    3 4 UDP udp:2: 198.18.0.2 sends 3 bytes to 203.0.113.80 port 67 (usually DHCP, the lease of an address); the content is not decoded here.
    4 4 UDP udp:2: 203.0.113.80 sends 2 bytes back to 198.18.0.2, 1.00 ms after #3 (usually DHCP, the lease of an address); the content is not decoded here.
    5 4 UDP udp:3: 198.18.0.2 sends 3 bytes to 203.0.113.80 port 9999; the content is not decoded here.
    6 4 UDP udp:3: 203.0.113.80 sends 2 bytes back to 198.18.0.2, 1.00 ms after #5; the content is not decoded here.
    7 4 UDP udp:4: 198.18.0.2 sends 3 bytes to 203.0.113.80 port 443 (usually QUIC); the content is not decoded here.
    8 4 UDP udp:4: 203.0.113.80 sends 2 bytes back to 198.18.0.2, 1.00 ms after #7 (usually QUIC); the content is not decoded here.
    9 6 QUIC udp:5: QUIC Initial: 198.18.0.2 opens an enciphered connection to 203.0.113.81 port 443 over UDP.
    10 6 QUIC udp:5: QUIC Initial: the server answers. (1.00 ms after #9.)
    11 6 QUIC udp:5: QUIC Handshake: the server goes on agreeing on keys, enciphered already. (2.00 ms after #9.)
    12 6 QUIC udp:5: QUIC: 15 bytes from the client, enciphered: data or acknowledgments.
    13 7 DNS udp:6: This datagram is on a DNS port, but it is no DNS message that can be read: DNS at octet 42: needs 12 octets, 1 are left.
    ! What was said on udp:5 with 203.0.113.81 is enciphered by QUIC: of HTTP/3 even headers, acknowledgments and the end of a connection are hidden.
    ! No DNS answer in this capture gave 203.0.113.81: the name was in a cache or a hosts file, was asked for over an enciphered channel, or was not needed.
    == unknown
    1 2 link -: A frame of EtherType 0x88cc, without IP (17 bytes).
    2 2 link -: A frame of the 802.3 kind, without IP (60 bytes).
    3 2 Ethernet -: This packet cannot be read to its end: Ethernet at octet 0: needs 14 octets, 3 are left.
    4 3 IP ip:1: 198.18.0.2 sends 203.0.113.80 a packet of OSPF, which this story does not look into.
    5 4 TCP -: This packet from 198.18.0.2 cannot be read to its end: TCP at octet 34: needs 20 octets, 1 are left.
    6 4 UDP udp:1: 198.18.0.2 sends 40 bytes to 198.18.0.3 port 2; the content is not decoded here.
    7 4 TCP tcp:1: SYN, step 1 of 3: 198.18.0.2 asks 203.0.113.80 to open a connection to port 25. Its sequence numbers start at 2837462; it takes up to 1460 bytes a segment.
    8 4 TCP tcp:1: SYN-ACK, step 2 of 3: 203.0.113.80 agrees to #7 after 1.00 ms, the round trip seen from here. Its sequence numbers start at 991000001; it takes up to 1460 bytes a segment.
    9 4 TCP tcp:1: ACK, step 3 of 3: the client confirms #8. The connection tcp:1 is open: #7, #8 and #9 were its handshake, 2.00 ms long. Agreed: scaled windows and selective ACKs.
    10 4 TCP tcp:1: 10 bytes from the server (bytes 1-10) of a protocol that is not decoded here.
    ! No DNS answer in this capture gave 203.0.113.80: the name was in a cache or a hosts file, was asked for over an enciphered channel, or was not needed.
    ! 2 packets could not be read (#3, #5).
    == pieces
    1 7 DNS udp:1: 198.18.0.2 asks the resolver 203.0.113.53 for the IPv4 address (A) of www.discord.test.
    2 3 IP ip:1: A piece of a packet of UDP from 203.0.113.53 that was too long for a link: bytes 49-64.
    3 3 IP ip:1: Another piece of the packet that #2 is a piece of: bytes 1-16.
    4 3 IP ip:1: Another piece of the packet that #2 is a piece of: bytes 17-32.
    5 3 IP ip:1: Another piece of the packet that #2 is a piece of: bytes 33-48.
    6 7 DNS udp:1: The resolver answers #1 after 28.0 ms: www.discord.test has the IPv4 address 203.0.113.80, valid for 300 s. (With #2, #3, #4 and #5 it is whole: the packet came in 5 pieces.)
    7 3 IP ip:2: A piece of a packet of UDP from 2001:db8::2 that was too long for a link: bytes 1-40.
    8 3 IP ip:2: Another piece of the packet that #7 is a piece of: bytes 41-80.
    9 4 UDP udp:2: 2001:db8::2 sends 100 bytes to 2001:db8::80 port 10; the content is not decoded here. (With #7 and #8 it is whole: the packet came in 3 pieces.)
    10 3 IP ip:2: A piece of a packet of UDP from 2001:db8::2 that was too long for a link: bytes 1-40.
    11 3 IP ip:2: Another piece of the packet that #10 is a piece of: bytes 1-40. All of them came before.
    12 3 IP ip:2: Another piece of the packet that #10 is a piece of: bytes 41-80. The capture holds only a part of them, so that the packet cannot be read.
    13 3 IP ip:2: Another piece of the packet that #10 is a piece of: bytes 81-108, the last ones.
    14 3 IP ip:2: Another piece of the packet that #10 is a piece of: bytes 17-44, the last ones. The packet ends elsewhere by another piece: it is discarded.
    ! 1 packet captured only in part: the snapshot length cut the rest.
    ! Of 1 packet (#10) not all pieces are in this capture: they were lost, or kept back on the way, as many firewalls do with pieces.
    == v6
    1 7 DNS udp:1: 198.18.0.2 asks the resolver 203.0.113.53 for the IPv6 address (AAAA) of www.discord.test.
    2 7 DNS udp:1: The resolver answers #1 after 24.0 ms: www.discord.test has the IPv6 address 2001:db8:2::80, valid for 300 s.
    3 4 TCP tcp:1: SYN, step 1 of 3: 2001:db8:1::2 asks www.discord.test (2001:db8:2::80) to open a connection to port 80, at the address learned in #2. Its sequence numbers start at 2837462; it takes up to 1460 bytes a segment.
    4 4 TCP tcp:1: SYN-ACK, step 2 of 3: www.discord.test (2001:db8:2::80) agrees to #3 after 1.00 ms, the round trip seen from here. Its sequence numbers start at 991000001; it takes up to 1460 bytes a segment.
    5 4 TCP tcp:1: ACK, step 3 of 3: the client confirms #4. The connection tcp:1 is open: #3, #4 and #5 were its handshake, 2.00 ms long. Agreed: scaled windows and selective ACKs.
    6 7 HTTP tcp:1: GET: the client asks www.discord.test for / (67 bytes, HTTP/1.1, curl/7.88.1), on the connection that #3, #4 and #5 opened.
    ! No HTTP answer to #6 is in this capture.
    == simultaneous
    1 4 TCP tcp:1: SYN, step 1 of 3: 198.18.0.2 asks 203.0.113.80 to open a connection to port 80. Its sequence numbers start at 2837462.
    2 4 TCP tcp:1: SYN from 203.0.113.80 too: both sides ask at the same time (#1), a simultaneous open.
    3 4 TCP tcp:1: SYN-ACK: 198.18.0.2 confirms #2 and repeats its own SYN; with one from each side the connection is open.
    4 4 TCP tcp:1: SYN-ACK: 203.0.113.80 confirms #1 and repeats its own SYN; with one from each side the connection is open.
    == fast open
    1 7 HTTP tcp:1: SYN, step 1 of 3, to port 80 of 203.0.113.80, with data at once (fast open). GET: the client asks www.discord.test for / (67 bytes, HTTP/1.1, curl/7.88.1).
    2 4 TCP tcp:1: SYN-ACK, step 2 of 3: 203.0.113.80 agrees to #1 after 1.00 ms, the round trip seen from here. Its sequence numbers start at 991000001.
    3 7 HTTP tcp:1: ACK, step 3 of 3 (handshake #1, #2, #3), with data at once. GET: the client asks 203.0.113.80 for /x (19 bytes, HTTP/1.1), without waiting for 1 answer.
    ! No DNS answer in this capture gave 203.0.113.80: the name was in a cache or a hosts file, was asked for over an enciphered channel, or was not needed.
    ! No HTTP answer to #1 and #3 is in this capture.
    == upgrade
    1 4 TCP tcp:1: SYN, step 1 of 3: 198.18.0.2 asks 203.0.113.80 to open a connection to port 80. Its sequence numbers start at 2837462; it takes up to 1460 bytes a segment.
    2 4 TCP tcp:1: SYN-ACK, step 2 of 3: 203.0.113.80 agrees to #1 after 1.00 ms, the round trip seen from here. Its sequence numbers start at 991000001; it takes up to 1460 bytes a segment.
    3 4 TCP tcp:1: ACK, step 3 of 3: the client confirms #2. The connection tcp:1 is open: #1, #2 and #3 were its handshake, 2.00 ms long. Agreed: scaled windows and selective ACKs.
    4 7 HTTP tcp:1: GET: the client asks x.test for /ws (52 bytes, HTTP/1.1), on the connection that #1, #2 and #3 opened.
    5 7 HTTP tcp:1: 101 Switching Protocols: the server answers the GET of #4 after 1.00 ms: from here on the connection speaks x-proto.
    6 4 TCP tcp:1: 2 bytes from the client (bytes 53-54) of the protocol that the connection was switched to.
    7 4 TCP tcp:2: SYN, step 1 of 3: 198.18.0.2 asks 203.0.113.80 to open a connection to port 3128. Its sequence numbers start at 2837462; it takes up to 1460 bytes a segment.
    8 4 TCP tcp:2: SYN-ACK, step 2 of 3: 203.0.113.80 agrees to #7 after 1.00 ms, the round trip seen from here. Its sequence numbers start at 991000001; it takes up to 1460 bytes a segment.
    9 4 TCP tcp:2: ACK, step 3 of 3: the client confirms #8. The connection tcp:2 is open: #7, #8 and #9 were its handshake, 2.00 ms long. Agreed: scaled windows and selective ACKs.
    10 7 HTTP tcp:2: CONNECT: the client asks 203.0.113.80 for a tunnel to y.test:443 (31 bytes, HTTP/1.1), on the connection that #7, #8 and #9 opened.
    11 7 HTTP tcp:2: 200 Connection established: the server answers the CONNECT of #10 after 1.00 ms: the tunnel is open.
    ! No DNS answer in this capture gave 203.0.113.80: the name was in a cache or a hosts file, was asked for over an enciphered channel, or was not needed.
    == neighbours
    1 2 ARP arp:1: 198.18.0.2 asks everyone on this link: who has 198.18.0.1?
    2 2 ARP arp:1: 198.18.0.2 asks everyone on this link: who has 198.18.0.1? It asks again, for #1 has no answer after 1.00 ms.
    3 2 ARP arp:1: An ARP message of kind 9 from 198.18.0.2.
    4 2 ARP arp:1: 198.18.0.2 tells 198.18.0.1 that it is at link address 02:00:00:00:00:02, where frames for it must go.
    5 2 ARP arp:2: 02:00:00:00:00:02 asks whether anyone has the address 198.18.0.2, which it wants for itself.
    6 2 ARP arp:3: 198.18.0.2 tells everyone that it is at link address 02:00:00:00:00:02.
    7 3 NDP ndp:1: 2001:db8::2 asks its neighbours on this link: who has 2001:db8::1?
    8 3 NDP ndp:1: 2001:db8::2 asks its neighbours on this link: who has 2001:db8::1? It asks again, for #7 has no answer after 1.00 ms.
    9 3 NDP ndp:1: 2001:db8::1 answers #8 after 1.00 ms: it is here at link address 02:00:00:00:00:0a.
    10 3 NDP ndp:1: 2001:db8::1 tells its neighbours that 2001:db8::1 is here at link address 02:00:00:00:00:0a.
    11 3 NDP ndp:2: A host asks whether anyone has the address 2001:db8::2, which it wants for itself.
    12 3 NDP ndp:3: 2001:db8::2 asks which routers are on this link.
    13 3 NDP ndp:4: 2001:db8::1 says that it is a router of this link, in answer to #12, and may be used as the way out for 1800 s.
    14 3 NDP ndp:4: 2001:db8::1 says that it is a router of this link, but not the way out of it.
    15 3 ICMPv6 icmp:1: 2001:db8::2 sends ff02::16 a message: which groups it listens to.
    == tunnel
    1 2 ARP arp:1: 198.18.0.2 asks everyone on this link: who has 198.18.0.1? (Inside of a VXLAN tunnel, from 192.0.2.1 to 192.0.2.2.)
    2 2 ARP arp:1: 198.18.0.1 answers #1 after 0.10 ms: it is at link address 02:00:00:00:00:01, where frames for it must go.
    3 7 DNS udp:1: 198.18.0.2 asks the resolver 203.0.113.53 for the IPv4 address (A) of www.discord.test. (It goes to the link address learned in #2.) (Inside of a VXLAN tunnel, from 192.0.2.1 to 192.0.2.2.)
    4 7 DNS udp:1: The resolver answers #3 after 23.1 ms: www.discord.test has the IPv4 address 203.0.113.80, valid for 300 s.
    5 4 TCP tcp:1: SYN, step 1 of 3: 198.18.0.2 asks www.discord.test (203.0.113.80) to open a connection to port 80, at the address learned in #4. Its sequence numbers start at 2837462; it takes up to 1460 bytes a segment. (Inside of a VXLAN tunnel.)
    6 4 TCP tcp:1: SYN-ACK, step 2 of 3: www.discord.test (203.0.113.80) agrees to #5 after 24.1 ms, the round trip seen from here. Its sequence numbers start at 991000001; it takes up to 1460 bytes a segment.
    7 4 TCP tcp:1: ACK, step 3 of 3: the client confirms #6. The connection tcp:1 is open: #5, #6 and #7 were its handshake, 24.2 ms long. Agreed: scaled windows and selective ACKs.
    8 7 HTTP tcp:1: GET: the client asks www.discord.test for / (67 bytes, HTTP/1.1, curl/7.88.1), on the connection that #5, #6 and #7 opened.
    9 4 TCP tcp:1: ACK: the server confirms #8 after 24.1 ms: it has all 67 bytes that the client has sent so far.
    10 7 HTTP tcp:1: 200 OK: the server answers the GET of #8 after 24.2 ms. It sends text/html. The body is 2000 bytes long, 1380 bytes of it here.
    11 7 HTTP tcp:1: The end of the answer to #8: all 2000 bytes of body are here, 0.10 ms after its start in #10.
    12 4 TCP tcp:1: ACK: the client confirms #10 and #11 after 0.10 ms: it has all 2066 bytes that the server has sent so far.
    13 4 TCP tcp:1: FIN: the client has sent all it had and closes its direction first; the server may still send.
    14 4 TCP tcp:1: FIN: the server confirms #13 and closes its direction too, 0.10 ms later.
    15 4 TCP tcp:1: ACK: the client confirms the FIN of the server (#14) and all before it. With it tcp:1 is closed after 49.0 ms: 67 bytes to the server, 2066 back.
    16 4 TCP tcp:2: SYN, step 1 of 3: 2001:db8:1::2 asks 2001:db8:2::80 to open a connection to port 80. Its sequence numbers start at 2837462; it takes up to 1460 bytes a segment. (Inside of 2 tunnels, the innermost IP-in-IP.)
    == race
    5 4 TCP tcp:1: SYN, step 1 of 3: 2001:db8:1::2 asks www.discord.test (2001:db8:2::80) to open a connection to port 80, at the address learned in #2. Its sequence numbers start at 2837462; it takes up to 1460 bytes a segment.
    6 4 TCP tcp:2: SYN, step 1 of 3: 198.18.0.2 asks www.discord.test (203.0.113.80) to open a connection to port 80, at the address learned in #4. It races #5, which has no answer after 250.0 ms.
    7 4 TCP tcp:2: SYN-ACK, step 2 of 3: www.discord.test (203.0.113.80) agrees to #6 after 1.00 ms, the round trip seen from here. Its sequence numbers start at 991000001; it takes up to 1460 bytes a segment.
    8 4 TCP tcp:2: ACK, step 3 of 3: the client confirms #7. The connection tcp:2 is open: #6, #7 and #8 were its handshake, 2.00 ms long. It wins the race against #5. Agreed: scaled windows and selective ACKs.
    9 4 TCP tcp:1: SYN-ACK, step 2 of 3: www.discord.test (2001:db8:2::80) agrees to #5 after 253.0 ms, the round trip seen from here. It has lost the race to tcp:2, open since #8.
    10 4 TCP tcp:1: RST: the client breaks tcp:1 off; what was still on the way is lost. It has lost the race to tcp:2, open since #8.
    11 4 TCP tcp:3: SYN, step 1 of 3: 2001:db8:1::2 asks www.discord.test (2001:db8:2::80) to open a connection to port 80, at the address learned in #2. Its sequence numbers start at 2837462; it takes up to 1460 bytes a segment.
    12 4 TCP tcp:3: SYN-ACK, step 2 of 3: www.discord.test (2001:db8:2::80) agrees to #11 after 1.00 ms, the round trip seen from here. Its sequence numbers start at 991000001; it takes up to 1460 bytes a segment.
    13 4 TCP tcp:3: ACK, step 3 of 3: the client confirms #12. The connection tcp:3 is open: #11, #12 and #13 were its handshake, 2.00 ms long. Agreed: scaled windows and selective ACKs.
    ! A connection was broken off (RST) (#10).
    == race refused
    5 4 TCP tcp:1: SYN, step 1 of 3: 2001:db8:1::2 asks www.discord.test (2001:db8:2::80) to open a connection to port 80, at the address learned in #2. Its sequence numbers start at 2837462.
    6 4 TCP tcp:1: RST: www.discord.test (2001:db8:2::80) refuses #5 after 1.00 ms: no program listens on port 80, or a firewall says so.
    7 4 TCP tcp:2: SYN, step 1 of 3: 198.18.0.2 asks www.discord.test (203.0.113.80) to open a connection to port 80, at the address learned in #4. It is the next try, for #5 has failed in #6.
    8 4 TCP tcp:2: SYN-ACK, step 2 of 3: www.discord.test (203.0.113.80) agrees to #7 after 1.00 ms, the round trip seen from here. Its sequence numbers start at 991000001; it takes up to 1460 bytes a segment.
    9 4 TCP tcp:2: ACK, step 3 of 3: the client confirms #8. The connection tcp:2 is open: #7, #8 and #9 were its handshake, 2.00 ms long. Agreed: scaled windows and selective ACKs.
    ! A connection was refused (#6).
    == race unawaited
    1 7 DNS udp:1: 198.18.0.2 asks the resolver 203.0.113.53 for the IPv6 address (AAAA) of www.discord.test.
    2 7 DNS udp:2: 198.18.0.2 asks the resolver 203.0.113.53 for the IPv4 address (A) of www.discord.test.
    3 7 DNS udp:2: The resolver answers #2 after 24.0 ms: www.discord.test has the IPv4 address 203.0.113.80, valid for 300 s.
    4 4 TCP tcp:1: SYN, step 1 of 3: 198.18.0.2 asks www.discord.test (203.0.113.80) to open a connection to port 80, at the address learned in #3. It has waited for the answer to #1 for 51.0 ms, and no longer.
    5 4 TCP tcp:1: SYN-ACK, step 2 of 3: www.discord.test (203.0.113.80) agrees to #4 after 1.00 ms, the round trip seen from here. Its sequence numbers start at 991000001; it takes up to 1460 bytes a segment.
    6 4 TCP tcp:1: ACK, step 3 of 3: the client confirms #5. The connection tcp:1 is open: #4, #5 and #6 were its handshake, 2.00 ms long. Agreed: scaled windows and selective ACKs.
    ! No DNS answer to #1 is in this capture.
    == race of three
    5 4 TCP tcp:1: SYN, step 1 of 3: 198.18.0.2 asks www.discord.test (203.0.113.80) to open a connection to port 80, at the address learned in #4. Its sequence numbers start at 2837462; it takes up to 1460 bytes a segment.
    6 3 ICMP icmp:1: 192.0.2.1 reports that #5 of tcp:1 (198.18.0.2 to 203.0.113.80 port 80) cannot go on: the host cannot be reached.
    7 4 TCP tcp:2: SYN, step 1 of 3: 2001:db8:1::2 asks www.discord.test (2001:db8:2::80) to open a connection to port 80, at the address learned in #2. It is the next try, for #5 has failed in #6.
    8 7 DNS udp:3: 198.18.0.2 asks the resolver 203.0.113.53 for the IPv4 address (A) of www.discord.test.
    9 7 DNS udp:3: The resolver answers #8 after 1.00 ms: www.discord.test has the IPv4 address 203.0.113.81, valid for 5 s.
    10 4 TCP tcp:3: SYN, step 1 of 3: 198.18.0.2 asks www.discord.test (203.0.113.81) to open a connection to port 80, at the address learned in #9. It races #7, which has no answer after 3.00 ms.
    11 4 TCP tcp:3: SYN-ACK, step 2 of 3: www.discord.test (203.0.113.81) agrees to #10 after 1.00 ms, the round trip seen from here. Its sequence numbers start at 991000001; it takes up to 1460 bytes a segment.
    12 4 TCP tcp:2: SYN-ACK, step 2 of 3: www.discord.test (2001:db8:2::80) agrees to #7 after 5.00 ms, the round trip seen from here. Its sequence numbers start at 991000001; it takes up to 1460 bytes a segment.
    13 4 TCP tcp:2: ACK, step 3 of 3: the client confirms #12. The connection tcp:2 is open: #7, #12 and #13 were its handshake, 6.00 ms long. It wins the race against #10. Agreed: scaled windows and selective ACKs.
    14 4 TCP tcp:3: ACK, step 3 of 3: the client confirms #11. The connection tcp:3 is open: #10, #11 and #14 were its handshake, 4.00 ms long. Too late: tcp:2 has won the race in #13. Agreed: scaled windows and selective ACKs.
    15 4 TCP tcp:3: FIN: the client has sent all it had and closes its direction first; the server may still send. It has lost the race to tcp:2, open since #13.
    ! A router or host reported an error (#6).
    == websocket
    4 7 HTTP tcp:1: GET: the client asks x.test for /ws (221 bytes, HTTP/1.1), on the connection that #1, #2 and #3 opened. It wants to go on as a WebSocket.
    5 7 HTTP tcp:1: 101 Switching Protocols: the server answers the GET of #4 after 1.00 ms: from here on it is a WebSocket. Its Sec-WebSocket-Accept is right for the key. And 1 message more.
    6 7 WebSocket tcp:1: Text: the client says "K\\u{00e4}se \\x234\\x20 \\x1b[31m "x"\\x20" (20 bytes).
    7 7 WebSocket tcp:1: Binary: the server sends 00 01 02 03 04 05 06 07 ... (20 bytes).
    8 7 WebSocket tcp:1: Text: the client says nothing (0 bytes).
    9 7 WebSocket tcp:1: Text fragment: the server begins a message, "one\\x20" (4 bytes). Ping: the server asks whether the client is still there. And 1 frame more.
    10 7 WebSocket tcp:1: Pong: the client is there; it answers the ping of #9 after 1.00 ms. Pong: the client says unasked that it is there, with 01 02.
    11 7 WebSocket tcp:1: Text fragment, the last: with #9 it makes "one two three" (13 bytes, in 3 fragments).
    12 7 WebSocket tcp:1: The beginning of a text frame from the client: 992 of its 2500 bytes are here.
    13 7 WebSocket tcp:1: 1000 bytes more of the text frame that #12 began: 1992 of 2500 so far.
    14 7 WebSocket tcp:1: Text: the client says "long long long long long long long long long long long lo..." (2500 bytes). It began in #12.
    15 7 WebSocket tcp:1: Text: the client says "x" (1 byte). It began in #14.
    16 7 WebSocket tcp:1: Text: the client says something packed that cannot be unpacked here (2 bytes). Close: the client ends the WebSocket with 1000 (normal closure), "bye".
    17 7 WebSocket tcp:1: Close: the server confirms the close of #16 after 1.00 ms with 1000 (normal closure).
    18 4 TCP tcp:1: FIN: the server has sent all it had and closes its direction first; the client may still send. The WebSocket was closed in #16 and #17.
    19 4 TCP tcp:1: FIN: the client confirms #18 and closes its direction too, 1.00 ms later. The WebSocket was closed in #16 and #17.
    20 4 TCP tcp:1: ACK: the server confirms the FIN of the client (#19) and all before it. With it tcp:1 is closed after 19.0 ms: 2801 bytes to the server, 259 back.
    ! No DNS answer in this capture gave 203.0.113.80: the name was in a cache or a hosts file, was asked for over an enciphered channel, or was not needed.
    == broken websocket
    4 7 HTTP tcp:1: GET: the client asks x.test for /ws (147 bytes, HTTP/1.1), on the connection that #1, #2 and #3 opened. It wants to go on as a WebSocket.
    5 7 HTTP tcp:1: 101 Switching Protocols: the server answers the GET of #4 after 1.00 ms: from here on it is a WebSocket. But Sec-WebSocket-Accept is wrong for the key (RFC 6455 4.2.2): it should be s3pPLMBiTxaQ9kYGzzhZRbK+xOo=.
    6 7 WebSocket tcp:1: Text: the client says "\\xff" (1 byte). But a client's frame must be masked (RFC 6455 5.1), and 2 more.
    7 7 WebSocket tcp:1: Frame: the client sends one with opcode 5 and 1 byte, which belongs to no message. But the opcode is reserved (RFC 6455 5.2).
    8 7 WebSocket tcp:1: Text: the client says "012345"... (10 bytes). Of it 4 bytes are not in this capture. (Of what was to be read, 4 bytes are not in this capture.)
    9 7 WebSocket tcp:1: Close: the server ends the WebSocket with 1002 (protocol error).
    10 4 TCP tcp:1: Bytes 177-185 of the client, ahead of their turn: bytes 174-176 are not seen yet, lost or overtaken on the way here, or not captured.
    11 4 TCP tcp:1: ACK: the server confirms #10 after 1.00 ms: it has all 185 bytes that the client has sent so far. This capture does not hold bytes 174-176 of them.
    12 7 WebSocket tcp:1: 9 bytes from the client on the WebSocket of #5, whose frames can no longer be told apart: bytes before them are missing from the capture. (Of what was to be read, 3 bytes are not in this capture.)
    13 4 TCP tcp:1: FIN: the client has sent all it had and closes its direction first; the server may still send. The WebSocket was closed in #9.
    14 4 TCP tcp:2: SYN, step 1 of 3: 198.18.0.2 asks 203.0.113.80 to open a connection to port 80. Its sequence numbers start at 2837462; it takes up to 1460 bytes a segment.
    15 4 TCP tcp:2: SYN-ACK, step 2 of 3: 203.0.113.80 agrees to #14 after 1.00 ms, the round trip seen from here. Its sequence numbers start at 991000001; it takes up to 1460 bytes a segment.
    16 4 TCP tcp:2: ACK, step 3 of 3: the client confirms #15. The connection tcp:2 is open: #14, #15 and #16 were its handshake, 2.00 ms long. Agreed: scaled windows and selective ACKs.
    17 7 HTTP tcp:2: GET: the client asks y.test for / (52 bytes, HTTP/1.1), on the connection that #14, #15 and #16 opened. It wants to go on as a WebSocket, but the key is not 16 bytes in Base64 (RFC 6455 4.1), and 1 more.
    18 7 HTTP tcp:2: 101 Yes: the server answers the GET of #17 after 1.00 ms: from here on it is a WebSocket. But Sec-WebSocket-Accept is missing (RFC 6455 4.2.2).
    19 7 WebSocket tcp:2: The beginning of a text frame from the server: 0 of its 5 bytes are here.
    20 4 TCP tcp:2: RST: the server breaks tcp:2 off; what was still on the way is lost. No close frame, and a frame cut short: to the client this is 1006, an abnormal end.
    21 4 TCP tcp:3: SYN, step 1 of 3: 198.18.0.2 asks 203.0.113.80 to open a connection to port 80. Its sequence numbers start at 2837462; it takes up to 1460 bytes a segment.
    22 4 TCP tcp:3: SYN-ACK, step 2 of 3: 203.0.113.80 agrees to #21 after 1.00 ms, the round trip seen from here. Its sequence numbers start at 991000001; it takes up to 1460 bytes a segment.
    23 4 TCP tcp:3: ACK, step 3 of 3: the client confirms #22. The connection tcp:3 is open: #21, #22 and #23 were its handshake, 2.00 ms long. Agreed: scaled windows and selective ACKs.
    24 7 HTTP tcp:3: GET: the client asks x.test for /ws (147 bytes, HTTP/1.1), on the connection that #21, #22 and #23 opened. It wants to go on as a WebSocket.
    25 7 HTTP tcp:3: 101 Switching Protocols: the server answers the GET of #24 after 1.00 ms: from here on it is a WebSocket. Its Sec-WebSocket-Accept is right for the key.
    26 4 TCP tcp:3: FIN: the server has sent all it had and closes its direction first; the client may still send. No close frame: to the client this is 1006, an abnormal end.
    ! No DNS answer in this capture gave 203.0.113.80: the name was in a cache or a hosts file, was asked for over an enciphered channel, or was not needed.
    ! 3 bytes that were sent are not here (1 place). They took another way, or the capture dropped them.
    ! 1 packet captured only in part: the snapshot length cut the rest.
    ! A connection was broken off (RST) (#20).
    ! A segment came before what precedes it (#10).
    ! An ACK is for data that is not here (#11).
    ! 2 handshakes of WebSockets broke a rule (#5, #18).
    ! 2 packets have WebSocket frames that break a rule (#6, #7).
    ! A WebSocket was closed for a failure (#9).
    ! 2 WebSockets ended without a close frame (#20, #26).

    """
}
