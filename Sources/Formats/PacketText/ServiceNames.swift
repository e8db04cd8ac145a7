public import PacketWire

/// The names of well-known ports, as /etc/services has them (IANA "Service Name and Transport
/// Protocol Port Number Registry"). A built-in table: no file is read for a packet.
public enum ServiceNames {
  /// The name of a TCP or UDP port; nil for a port without one here.
  public static func name(ofPort port: UInt16, _ protocolNumber: IPProtocol) -> String? {
    switch protocolNumber {
    case .tcp: common(port) ?? overTCP(port)
    case .udp: common(port) ?? overUDP(port)
    default: nil
    }
  }

  /// Registered for both.
  private static func common(_ port: UInt16) -> String? {
    switch port {
    case 7: "echo"
    case 9: "discard"
    case 13: "daytime"
    case 19: "chargen"
    case 37: "time"
    case 53: "domain"
    case 88: "kerberos"
    case 111: "sunrpc"
    case 161: "snmp"
    case 162: "snmp-trap"
    case 389: "ldap"
    case 443: "https"
    case 464: "kpasswd"
    case 636: "ldaps"
    case 853: "domain-s"
    case 1194: "openvpn"
    case 2049: "nfs"
    case 5060: "sip"
    case 5061: "sip-tls"
    default: nil
    }
  }

  private static func overTCP(_ port: UInt16) -> String? {
    switch port {
    case 1: "tcpmux"
    case 20: "ftp-data"
    case 21: "ftp"
    case 22: "ssh"
    case 23: "telnet"
    case 25: "smtp"
    case 43: "whois"
    case 49: "tacacs"
    case 79: "finger"
    case 80: "http"
    case 110: "pop3"
    case 113: "auth"
    case 119: "nntp"
    case 135: "epmap"
    case 139: "netbios-ssn"
    case 143: "imap2"
    case 179: "bgp"
    case 445: "microsoft-ds"
    case 465: "submissions"
    case 513: "login"
    case 514: "shell"
    case 515: "printer"
    case 554: "rtsp"
    case 587: "submission"
    case 631: "ipp"
    case 873: "rsync"
    case 989: "ftps-data"
    case 990: "ftps"
    case 993: "imaps"
    case 995: "pop3s"
    case 1080: "socks"
    case 1433: "ms-sql-s"
    case 3306: "mysql"
    case 3389: "ms-wbt-server"
    case 5222: "xmpp-client"
    case 5432: "postgresql"
    case 5672: "amqp"
    case 6379: "redis"
    case 8080: "http-alt"
    default: nil
    }
  }

  private static func overUDP(_ port: UInt16) -> String? {
    switch port {
    case 67: "bootps"
    case 68: "bootpc"
    case 69: "tftp"
    case 123: "ntp"
    case 137: "netbios-ns"
    case 138: "netbios-dgm"
    case 500: "isakmp"
    case 514: "syslog"
    case 520: "route"
    case 546: "dhcpv6-client"
    case 547: "dhcpv6-server"
    case 1701: "l2f"
    case 1812: "radius"
    case 1813: "radius-acct"
    case 4500: "ipsec-nat-t"
    case 5353: "mdns"
    default: nil
    }
  }
}
