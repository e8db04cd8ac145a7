extension PortTable {
  /// What the ports are for that `ServiceNames` names: PORT, or PORT/PROTOCOL where the two protocols
  /// differ; other names; the purpose.
  static let purposes = """
    1 | | Asks for a service by its name instead of its port (RFC 1078).
    7 | | Sends back what it gets (RFC 862).
    9 | sink null | Throws away what it gets (RFC 863).
    13 | | Says what time it is, for people (RFC 867).
    19 | ttytst | Sends characters without end (RFC 864).
    20 | | The files of FTP in its active mode (RFC 959).
    21 | | The commands of the File Transfer Protocol (RFC 959).
    22 | | Secure Shell: remote commands, files and tunnels (RFC 4253).
    23 | | Telnet: a terminal over the network, in the clear (RFC 854).
    25 | mail | Mail from one server to the next (RFC 5321).
    37 | timserver | The time as a number of seconds since 1900 (RFC 868).
    43 | nicname | Who owns a domain or an address (RFC 3912).
    49 | | Who may log in to routers and switches (RFC 8907).
    53 | dns | Names to addresses: DNS (RFC 1035).
    67 | dhcp-server | The server of BOOTP and DHCP (RFC 2131).
    68 | dhcp-client | The client of BOOTP and DHCP (RFC 2131).
    69 | | Small files without a login, for booting (RFC 1350).
    79 | | Who is logged in (RFC 1288).
    80 | www | The web, in the clear (RFC 9110, RFC 9112).
    88 | kerberos5 krb5 kerberos-sec | Tickets that prove who somebody is (RFC 4120).
    110 | pop-3 | Fetches mail and takes it away (RFC 1939).
    111 | portmapper rpcbind | Tells at which port an RPC program listens (RFC 1833).
    113 | authentication tap ident | Whose connection this is (RFC 1413).
    119 | readnews untp | Articles of newsgroups (RFC 3977).
    123 | | Sets clocks (RFC 5905).
    135 | loc-srv | Tells at which port a service of Windows listens.
    137 | | Names of hosts in old Windows networks (RFC 1002).
    138 | | Datagrams of old Windows networks (RFC 1002).
    139 | | Files and printers of old Windows networks (RFC 1002).
    143 | imap | Reads mail that stays on its server (RFC 9051).
    161 | | Asks devices about their state (RFC 3416).
    162 | snmptrap | Devices tell that something has happened (RFC 3416).
    179 | | Routers of different networks tell each other their routes (RFC 4271).
    389 | | Directories of people and machines (RFC 4511).
    443 | | The web over TLS; over UDP as HTTP/3 (RFC 9110, RFC 9114).
    445 | smb cifs | Files and printers of Windows.
    464 | | Changes a password of Kerberos (RFC 3244).
    465 | smtps ssmtp urd | Mail from its author to the first server, over TLS (RFC 8314).
    500 | ike | Agrees on the keys of IPsec (RFC 7296).
    513 | rlogin | A terminal on a host that trusts this one, in the clear (RFC 1282).
    514/tcp | cmd rsh | Commands on a host that trusts this one, in the clear.
    514/udp | | Messages of systems, for a log elsewhere (RFC 5426).
    515 | spooler lpd | Prints (RFC 1179).
    520 | router routed rip | Routes inside a network: RIP (RFC 2453).
    546 | | The client of DHCP for IPv6 (RFC 8415).
    547 | | The server of DHCP for IPv6 (RFC 8415).
    554 | | Starts and stops what streams elsewhere (RFC 7826).
    587 | | Mail from its author to the first server (RFC 6409).
    631 | cups | Prints, by HTTP (RFC 8011).
    636 | | Directories over TLS (RFC 4513).
    853 | dot | Names over TLS, or over QUIC on UDP (RFC 7858, RFC 9250).
    873 | | Copies files by their differences.
    989 | | The files of FTP over TLS (RFC 4217).
    990 | | The commands of FTP over TLS (RFC 4217).
    993 | | Reads mail that stays on its server, over TLS (RFC 8314).
    995 | | Fetches mail over TLS (RFC 8314).
    1080 | | Connections by a proxy (RFC 1928).
    1194 | | Tunnels of OpenVPN.
    1433 | mssql | The database Microsoft SQL Server.
    1701 | l2tp | Tunnels of a link layer (RFC 2661).
    1812 | | Who may use a network (RFC 2865).
    1813 | radacct | Who has used a network for how long (RFC 2866).
    2049 | | File systems of other hosts (RFC 8881).
    3306 | mariadb | The databases MySQL and MariaDB.
    3389 | rdp | The desktop of a Windows host elsewhere.
    4500 | | IPsec through address translators (RFC 3948).
    5060 | | Begins and ends telephone calls (RFC 3261).
    5061 | sips | Begins and ends telephone calls, over TLS (RFC 3261).
    5222 | jabber-client | Chat, from a client to its server (RFC 6120).
    5353 | | Names without a server, by multicast (RFC 6762).
    5432 | postgres | The database PostgreSQL.
    5672 | | Queues of messages between programs.
    6379 | | The key-value store Redis.
    8080 | webcache | The web, where port 80 is taken or not allowed.
    """

  /// Ports that lines of packets show as numbers: PORT/PROTOCOLS NAME; other names; the purpose.
  static let further = """
    11/tcp systat | users | Who is logged in, without being asked (RFC 866).
    17/tcp+udp qotd | quote | Says a sentence of the day (RFC 865).
    70/tcp gopher | | Menus and texts, older than the web (RFC 1436).
    102/tcp iso-tsap | tsap | OSI over TCP, and with it controllers of machines (RFC 2126).
    104/tcp acr-nema | | Pictures of medicine: DICOM.
    109/tcp pop2 | pop-2 | Fetched mail before POP3 did (RFC 937).
    115/tcp sftp | | A simple file transfer, not that of SSH (RFC 913).
    177/udp xdmcp | | A graphical login on another host.
    194/tcp+udp irc | | Chat in channels; in fact at 6667 (RFC 1459).
    199/tcp smux | | Parts of an SNMP agent (RFC 1227).
    210/tcp z3950 | wais | Searches catalogues of libraries (RFC 1729).
    220/tcp imap3 | | A dead branch of IMAP (RFC 1203).
    319/udp ptp-event | | Sets clocks to the microsecond: messages with stamps (IEEE 1588).
    320/udp ptp-general | | Sets clocks to the microsecond: the other messages (IEEE 1588).
    427/tcp+udp svrloc | slp | Finds services in a network (RFC 2608).
    512/tcp exec | rexec | Commands on another host, in the clear.
    512/udp biff | comsat | Tells that mail has come.
    513/udp who | whod | Hosts tell who is logged in.
    517/udp talk | | Two people type to each other.
    518/udp ntalk | | Two people type to each other, the newer way.
    521/udp ripng | | Routes inside an IPv6 network (RFC 2080).
    538/tcp+udp gdomap | | Names of objects in GNUstep.
    540/tcp uucp | uucpd | Copies between Unix systems that called each other by telephone.
    543/tcp klogin | | rlogin with Kerberos.
    544/tcp kshell | krcmd | rsh with Kerberos.
    548/tcp afpovertcp | afp | Files of Macintosh computers.
    563/tcp nntps | snntp | Articles of newsgroups over TLS (RFC 4642).
    623/udp asf-rmcp | ipmi | Switches servers on and off, whatever they do.
    646/tcp+udp ldp | | Routers tell each other labels of MPLS (RFC 5036).
    655/tcp+udp tinc | | Tunnels of tinc.
    749/tcp kerberos-adm | | Administers Kerberos.
    750/tcp+udp kerberos4 | kerberos-iv kdc | Kerberos before its version 5.
    783/tcp spamd | | Tells spam from mail: SpamAssassin.
    860/tcp iscsi | | Disks of other hosts; in fact at 3260 (RFC 7143).
    992/tcp telnets | | Telnet over TLS.
    1099/tcp rmiregistry | | Names of objects in Java.
    1352/tcp lotusnote | lotusnotes | Lotus Notes.
    1434/udp ms-sql-m | | Tells at which port a Microsoft SQL Server listens.
    1521/tcp oracle | | The database Oracle.
    1723/tcp pptp | | Tunnels of Windows (RFC 2637).
    1883/tcp mqtt | | Messages of small devices.
    1900/udp ssdp | upnp | Finds devices of a home network.
    2000/tcp cisco-sccp | | Telephones of Cisco.
    2181/tcp zookeeper | | What a cluster has agreed on: ZooKeeper.
    2375/tcp docker | | Containers, in the clear: whoever reaches it is root.
    2376/tcp docker-s | | Containers, over TLS.
    2379/tcp etcd-client | | What a cluster has agreed on: etcd, for clients.
    2380/tcp etcd-server | | What a cluster has agreed on: etcd, among servers.
    2401/tcp cvspserver | | Versions of files: CVS.
    2628/tcp dict | | Looks up words (RFC 2229).
    2947/tcp gpsd | | Where this host is on earth.
    3128/tcp squid | | A proxy of the web.
    3205/tcp+udp isns | | Finds disks of other hosts (RFC 4171).
    3260/tcp iscsi-target | | Disks of other hosts (RFC 7143).
    3268/tcp msft-gc | | The whole directory of a Windows forest.
    3478/tcp+udp stun | turn | What address a translator gives one, and relays (RFC 8489, RFC 8656).
    3493/tcp+udp nut | | What a battery behind the socket has left.
    3632/tcp distcc | | Compiles on other hosts.
    3690/tcp svn | subversion | Versions of files: Subversion.
    3784/udp bfd-control | | Tells within milliseconds that a link is dead (RFC 5881).
    4190/tcp sieve | | Rules that sort mail on its server (RFC 5804).
    4369/tcp epmd | | Tells at which port a program in Erlang listens.
    4433/tcp+udp dtls-test | | Nobody's; examples of TLS like it.
    4460/tcp ntske | | Keys for setting clocks (RFC 8915).
    4569/udp iax | | Telephone calls of Asterisk (RFC 5456).
    4789/udp vxlan | | Ethernet in UDP (RFC 7348).
    4949/tcp munin | lrrd | Figures for graphs: Munin.
    5004/udp avt-profile-1 | rtp | Sound and pictures as they happen (RFC 3551).
    5005/udp avt-profile-2 | rtcp | How well sound and pictures come (RFC 3551).
    5201/tcp+udp iperf3 | | Measures how much a path carries.
    5269/tcp xmpp-server | jabber-server | Chat, from server to server (RFC 6120).
    5349/tcp+udp stuns | turns | What address a translator gives one, over TLS (RFC 8489).
    5351/udp nat-pmp | pcp | Asks a translator for a port (RFC 6886, RFC 6887).
    5355/tcp+udp llmnr | | Names without a server, on one link (RFC 4795).
    5666/tcp nrpe | | Looks after hosts: Nagios.
    5671/tcp amqps | | Queues of messages, over TLS.
    5683/udp coap | | What HTTP is, for small devices (RFC 7252).
    5684/udp coaps | | What HTTPS is, for small devices (RFC 7252).
    5900/tcp rfb | vnc | The desktop of another host (RFC 6143).
    5984/tcp couchdb | | The database CouchDB.
    6000/tcp x11 | x11-0 | Windows of programs on other hosts: X.
    6081/udp geneve | | Ethernet and notes in UDP (RFC 8926).
    6443/tcp kubernetes | | Orders for a cluster: Kubernetes.
    6514/tcp syslog-tls | | Messages of systems, over TLS (RFC 5425).
    6653/tcp openflow | | Tells switches what to do.
    6667/tcp ircd | | Chat in channels (RFC 1459).
    6696/udp babel | | Routes inside a network that changes much (RFC 8966).
    6697/tcp ircs-u | ircs | Chat in channels, over TLS (RFC 7194).
    6881/tcp+udp bittorrent | | Files from many who have parts of them.
    8140/tcp puppet | | Sets up hosts as they are described.
    8333/tcp bitcoin | | Payments that everybody keeps the books of.
    8443/tcp https-alt | pcsync-https | The web over TLS, where port 443 is taken or not allowed.
    8765/tcp lab-websocket | | What lab-swift serve websocket listens at.
    8883/tcp secure-mqtt | mqtts | Messages of small devices, over TLS.
    9000/tcp+udp lab-echo | | What lab-swift serve tcp and serve udp listen at.
    9042/tcp cassandra | | The database Cassandra.
    9090/tcp prometheus | | Figures and alarms: Prometheus.
    9092/tcp kafka | | Logs of messages between programs: Kafka.
    9100/tcp jetdirect | | Prints what it gets.
    9200/tcp elasticsearch | | Searches texts.
    9418/tcp git | | Versions of files: Git.
    9999/tcp lab-daytime | | What lab-swift serve tcp --time listens at.
    10000/tcp webmin | ndmp | Administers a host by the web.
    10050/tcp zabbix-agent | | Looks after hosts: Zabbix asks.
    10051/tcp zabbix-trapper | | Looks after hosts: Zabbix is told.
    10053/tcp+udp lab-dns | | What lab-swift serve dns listens at.
    10809/tcp nbd | | Disks of other hosts: Linux.
    11211/tcp+udp memcache | memcached | A key-value store that forgets.
    11371/tcp hkp | | Keys of OpenPGP.
    25565/tcp minecraft | | Minecraft.
    27017/tcp mongodb | | The database MongoDB.
    33434/udp traceroute | | Where traceroute's first probe goes; nobody is to be there.
    51820/udp wireguard | | Tunnels of WireGuard.
    """
}
