internal import CLinux
import Glibc

extension PlainSocket.Family {
  var number: CInt { self == .internet ? AF_INET : AF_UNIX }
  var name: String { self == .internet ? "AF_INET" : "AF_UNIX" }
}

extension PlainSocket.Kind {
  var type: __socket_type {
    switch self {
    case .stream: SOCK_STREAM
    case .datagram: SOCK_DGRAM
    case .raw: SOCK_RAW
    case .sequencedPacket: SOCK_SEQPACKET
    }
  }

  var name: String {
    switch self {
    case .stream: "SOCK_STREAM"
    case .datagram: "SOCK_DGRAM"
    case .raw: "SOCK_RAW"
    case .sequencedPacket: "SOCK_SEQPACKET"
    }
  }
}

extension PlainSocket.Option {
  var constants: (level: CInt, name: CInt, words: [String]) {
    switch self {
    case .reuseAddress: (SOL_SOCKET, SO_REUSEADDR, ["SOL_SOCKET", "SO_REUSEADDR"])
    case .noDelay: (CInt(IPPROTO_TCP), TCP_NODELAY, ["IPPROTO_TCP", "TCP_NODELAY"])
    case .headerIncluded: (CInt(IPPROTO_IP), IP_HDRINCL, ["IPPROTO_IP", "IP_HDRINCL"])
    }
  }
}
