// swift-tools-version: 6.3
import PackageDescription

// The house: a folder under Sources/ is a floor, a folder in it is a target. A target can import
// only what its line lists, so that the arrows of docs/ARCHITECTURE.md are enforced by the build.

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func module(
  _ name: String, on floor: String, uses dependencies: [String] = [], extra: [SwiftSetting] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies.map { .init(stringLiteral: $0) },
    path: "Sources/\(floor)/\(name)", swiftSettings: settings + extra)
}

func tool(_ name: String, runs command: String) -> Target {
  .executableTarget(
    name: name, dependencies: [.init(stringLiteral: command), "LinuxSystem"],
    path: "Sources/Tools/\(name)", swiftSettings: settings)
}

func tests(of name: String, uses dependencies: [String] = []) -> Target {
  .testTarget(
    name: "\(name)Tests",
    dependencies: ([name, "PacketTestSupport"] + dependencies).map { .init(stringLiteral: $0) },
    path: "Tests/\(name)Tests", swiftSettings: settings)
}

/// What a command that probes needs. libpcap is not among it: it drags in a dozen libraries.
let probing = [
  "CommandLineKit", "EventJSON", "HostNaming", "LinuxNet", "LinuxSystem", "NameResolution",
  "PacketText",
  "PacketWire", "ProbeEngine", "ProbeShell", "TerminalText",
]

let package = Package(
  name: "Wirewalk",
  // All that makes no system call is there for others, and the tools.
  products: [
    .library(name: "PacketWire", targets: ["PacketWire"]),
    .library(name: "PacketText", targets: ["PacketText"]),
    .library(name: "PacketFields", targets: ["PacketFields"]),
    .library(name: "PacketExplanation", targets: ["PacketExplanation"]),
    .library(name: "CaptureFile", targets: ["CaptureFile"]),
    .library(name: "LineFormat", targets: ["LineFormat"]),
    .library(name: "AddressOrigins", targets: ["AddressOrigins"]),
    .library(name: "PortNames", targets: ["PortNames"]),
    .library(name: "ProbeEngine", targets: ["ProbeEngine"]),
    .library(name: "ProbeEvidence", targets: ["ProbeEvidence"]),
    .library(name: "OriginEngine", targets: ["OriginEngine"]),
    .library(name: "SimulatedInternet", targets: ["SimulatedInternet"]),
    .library(name: "ServiceEngine", targets: ["ServiceEngine"]),
    .library(name: "FlowAnalysis", targets: ["FlowAnalysis"]),
    .library(name: "CaptureStatistics", targets: ["CaptureStatistics"]),
    .library(name: "PageStory", targets: ["PageStory"]),
    .library(name: "StoryQuiz", targets: ["StoryQuiz"]),
    .library(name: "StoryReport", targets: ["StoryReport"]),
    .executable(name: "ping-swift", targets: ["ping-swift"]),
    .executable(name: "traceroute-swift", targets: ["traceroute-swift"]),
    .executable(name: "sniff-swift", targets: ["sniff-swift"]),
    .executable(name: "lab-swift", targets: ["lab-swift"]),
  ],
  targets: [
    // Formats: octets to values and back, and values to text. No system call.
    // PacketWire alone may write @_lifetime; everything above it needs no experimental flag.
    module("PacketWire", on: "Formats", extra: [.enableExperimentalFeature("Lifetimes")]),
    module("CaptureFile", on: "Formats", uses: ["PacketWire"]),
    module("PacketText", on: "Formats", uses: ["PacketWire"]),
    module("PacketExplanation", on: "Formats", uses: ["PacketText", "PacketWire"]),
    module("LineFormat", on: "Formats", uses: ["PacketWire"]),
    module("AddressOrigins", on: "Formats", uses: ["LineFormat", "PacketWire"]),
    module("PortNames", on: "Formats", uses: ["PacketText", "PacketWire"]),

    // Probing: engines without system calls, driven by events and instants.
    module("ProbeEngine", on: "Probing", uses: ["PacketWire"]),
    module("ProbeEvidence", on: "Probing", uses: ["CaptureFile", "PacketWire", "ProbeEngine"]),
    module(
      "OriginEngine", on: "Probing", uses: ["AddressOrigins", "PacketWire", "ProbeEngine"]),
    module(
      "SimulatedInternet", on: "Probing", uses: ["AddressOrigins", "LineFormat", "PacketWire"]),

    // Analysis and Story: what packets mean together.
    module("FlowAnalysis", on: "Analysis", uses: ["PacketText", "PacketWire"]),
    module(
      "CaptureStatistics", on: "Analysis", uses: ["FlowAnalysis", "PacketWire", "ProbeEngine"]),
    module(
      "PacketFields", on: "Analysis", uses: ["FlowAnalysis", "PacketText", "PacketWire"]),
    module("PageStory", on: "Story", uses: ["FlowAnalysis", "PacketText", "PacketWire"]),
    module(
      "StoryQuiz", on: "Story", uses: ["FlowAnalysis", "PacketWire", "PageStory"]),
    module(
      "StoryReport", on: "Story",
      uses: ["FlowAnalysis", "PacketExplanation", "PacketText", "PacketWire", "PageStory"]),

    // Serving: what servers say on a connection, without the connection.
    module("ServiceEngine", on: "Serving", uses: ["LineFormat", "PacketText", "PacketWire"]),

    // System: the only floor that may say `unsafe`. Imports nothing of ours but PacketWire.
    .target(name: "CLinux", path: "Sources/System/CLinux"),
    module("LinuxSystem", on: "System", uses: ["CLinux", "PacketWire"]),
    module("LinuxNet", on: "System", uses: ["CLinux", "LinuxSystem", "PacketWire"]),
    module(
      "NameResolution", on: "System", uses: ["CLinux", "LinuxNet", "LinuxSystem", "PacketWire"]),
    .systemLibrary(
      name: "CPcap", path: "Sources/System/CPcap", pkgConfig: "libpcap",
      providers: [.apt(["libpcap-dev"])]),
    module("LiveCapture", on: "System", uses: ["CPcap", "LinuxNet", "LinuxSystem", "PacketWire"]),
    .systemLibrary(
      name: "CZlib", path: "Sources/System/CZlib", pkgConfig: "zlib",
      providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CZstd", path: "Sources/System/CZstd", pkgConfig: "libzstd",
      providers: [.apt(["libzstd-dev"])]),
    module("Compression", on: "System", uses: ["CZlib", "CZstd"]),
    .systemLibrary(
      name: "COpenSSL", path: "Sources/System/COpenSSL", pkgConfig: "libssl",
      providers: [.apt(["libssl-dev"])]),
    module("TransportSecurity", on: "System", uses: ["COpenSSL"]),
    .systemLibrary(
      name: "CPCRE2", path: "Sources/System/CPCRE2", pkgConfig: "libpcre2-8",
      providers: [.apt(["libpcre2-dev"])]),
    module("RegularExpressions", on: "System", uses: ["CPCRE2"]),

    // Without pkgConfig, which would link it: CountryData loads the library when there is a file to read.
    .systemLibrary(
      name: "CMaxMind", path: "Sources/System/CMaxMind",
      providers: [.apt(["libmaxminddb-dev"])]),
    module("CountryData", on: "System", uses: ["CMaxMind", "LinuxNet", "PacketWire"]),

    // Interface: options, terminals and JSON, the same for all tools.
    module("TerminalText", on: "Interface", uses: ["LinuxSystem", "PacketText", "PacketWire"]),
    module(
      "CommandLineKit", on: "Interface",
      uses: ["LinuxSystem", "PacketText", "PacketWire", "TerminalText"]),
    module("EventJSON", on: "Interface", uses: ["PacketText", "PacketWire"]),
    module(
      "ExplanationText", on: "Interface",
      uses: ["PacketExplanation", "PacketText", "TerminalText"]),

    // Commands: what a tool does, as a library, so that tests can call it.
    // HostNaming is what all tools that print names share, DelayPlots what all that draw delays do,
    // ProbeShell what ping and traceroute do.
    module(
      "DelayPlots", on: "Commands",
      uses: ["PacketText", "PacketWire", "ProbeEngine", "TerminalText"]),
    module(
      "HostNaming", on: "Commands",
      uses: ["LinuxSystem", "NameResolution", "PacketText", "PacketWire"]),
    module(
      "OriginLookUp", on: "Commands",
      uses: [
        "AddressOrigins", "CountryData", "LinuxNet", "LinuxSystem", "OriginEngine", "PacketWire",
        "ProbeEngine",
      ]),
    module(
      "ProbeShell", on: "Commands",
      uses: [
        "CommandLineKit", "ExplanationText", "LineFormat", "LinuxNet", "LinuxSystem",
        "NameResolution", "PacketExplanation", "PacketText", "PacketWire", "ProbeEngine",
        "ProbeEvidence", "TerminalText",
      ]),
    module(
      "PingCommand", on: "Commands",
      uses: probing + [
        "CaptureFile", "DelayPlots", "ExplanationText", "PacketExplanation", "ProbeEvidence",
      ]),
    module(
      "TracerouteCommand", on: "Commands",
      uses: probing + [
        "AddressOrigins", "CountryData", "LineFormat", "OriginEngine", "OriginLookUp",
        "ProbeEvidence",
      ]),
    module(
      "SniffCommand", on: "Commands",
      uses: [
        "CaptureFile", "CaptureStatistics", "CommandLineKit", "Compression", "DelayPlots",
        "EventJSON", "ExplanationText", "FlowAnalysis", "HostNaming", "LinuxNet", "LinuxSystem",
        "LiveCapture",
        "PacketExplanation", "PacketFields", "PacketText", "PacketWire", "PageStory", "ProbeEngine",
        "RegularExpressions", "StoryQuiz", "StoryReport", "TerminalText",
      ]),
    // ServerShell is the loop's side of servers: sockets, turns, deadlines.
    module(
      "ServerShell", on: "Commands",
      uses: [
        "Compression", "LinuxNet", "LinuxSystem", "PacketWire", "ServiceEngine",
        "TransportSecurity",
      ]),
    module(
      "LabCommand", on: "Commands",
      uses: [
        "CommandLineKit", "EventJSON", "LineFormat", "LinuxNet", "LinuxSystem", "NameResolution",
        "PacketText", "PacketWire", "PortNames", "ServerShell", "ServiceEngine",
        "SimulatedInternet",
        "TerminalText", "TransportSecurity",
      ]),

    // Tools: an exit code and nothing else.
    tool("ping-swift", runs: "PingCommand"),
    tool("traceroute-swift", runs: "TracerouteCommand"),
    tool("sniff-swift", runs: "SniffCommand"),
    tool("lab-swift", runs: "LabCommand"),

    // Tests
    .target(
      name: "PacketTestSupport", dependencies: ["PacketWire"],
      path: "Tests/Support/PacketTestSupport", swiftSettings: settings),
    .target(
      name: "CaptureTestSupport", path: "Tests/Support/CaptureTestSupport",
      swiftSettings: settings),
    // User namespaces want a process with a single thread, which a test run is not.
    .executableTarget(
      name: "NamespaceTestTool", dependencies: ["LinuxNet", "LinuxSystem", "PacketWire"],
      path: "Tests/Support/NamespaceTestTool", swiftSettings: settings),
    .target(
      name: "JSONTestSupport", path: "Tests/Support/JSONTestSupport", swiftSettings: settings),
    tests(of: "PacketWire", uses: ["CaptureFile", "CaptureTestSupport"]),
    tests(of: "CaptureFile", uses: ["PacketWire", "CaptureTestSupport"]),
    tests(of: "PacketText", uses: ["CaptureFile", "CaptureTestSupport", "PacketWire"]),
    tests(
      of: "PacketFields", uses: ["CaptureFile", "CaptureTestSupport", "PacketText", "PacketWire"]),
    tests(
      of: "PacketExplanation", uses: ["CaptureFile", "CaptureTestSupport", "PacketWire"]),
    tests(of: "ProbeEngine", uses: ["PacketWire", "SimulatedInternet"]),
    tests(of: "ProbeEvidence", uses: ["CaptureFile", "PacketWire", "ProbeEngine"]),
    tests(of: "OriginEngine", uses: ["AddressOrigins", "PacketWire", "ProbeEngine"]),
    tests(of: "LineFormat", uses: ["PacketWire"]),
    tests(of: "AddressOrigins", uses: ["LineFormat", "PacketWire"]),
    tests(of: "PortNames", uses: ["PacketText", "PacketWire"]),
    tests(of: "SimulatedInternet", uses: ["AddressOrigins", "LineFormat", "PacketWire"]),
    tests(of: "CaptureStatistics", uses: ["FlowAnalysis", "PacketWire", "ProbeEngine"]),
    tests(
      of: "SniffCommand",
      uses: [
        "CommandLineKit", "Compression", "FlowAnalysis", "LinuxSystem", "PacketFields",
        "PacketText", "PacketWire", "TerminalText",
      ]),
    tests(of: "FlowAnalysis", uses: ["CaptureFile", "CaptureTestSupport", "PacketWire"]),
    tests(
      of: "PageStory",
      uses: ["CaptureFile", "CaptureTestSupport", "FlowAnalysis", "PacketText", "PacketWire"]),
    tests(
      of: "StoryQuiz", uses: ["FlowAnalysis", "PacketWire", "PageStory"]),
    tests(
      of: "StoryReport",
      uses: ["FlowAnalysis", "PacketExplanation", "PacketText", "PacketWire", "PageStory"]),
    tests(of: "ServiceEngine", uses: ["LineFormat", "PacketWire", "SimulatedInternet"]),
    tests(of: "LinuxSystem", uses: ["CLinux", "PacketWire"]),
    tests(
      of: "LinuxNet",
      uses: ["CLinux", "LinuxSystem", "NamespaceTestTool", "PacketWire", "ProbeEngine"]),
    tests(of: "NameResolution", uses: ["LinuxNet", "LinuxSystem", "PacketWire"]),
    tests(
      of: "LiveCapture",
      uses: [
        "CPcap", "CaptureFile", "CaptureTestSupport", "LinuxNet", "LinuxSystem", "PacketWire",
      ]),
    tests(of: "Compression", uses: ["CZlib", "CZstd"]),
    tests(of: "RegularExpressions"),
    tests(of: "CountryData", uses: ["LinuxSystem", "PacketWire"]),
    tests(of: "TransportSecurity", uses: ["COpenSSL"]),
    tests(of: "TerminalText", uses: ["LinuxSystem", "PacketText", "PacketWire"]),
    tests(of: "CommandLineKit", uses: ["LinuxSystem", "PacketText", "PacketWire", "TerminalText"]),
    tests(of: "EventJSON", uses: ["JSONTestSupport", "PacketText", "PacketWire"]),
    tests(
      of: "ExplanationText",
      uses: ["PacketExplanation", "PacketText", "PacketWire", "TerminalText"]),
    tests(
      of: "ProbeShell",
      uses: [
        "CommandLineKit", "LineFormat", "LinuxNet", "LinuxSystem", "NameResolution", "PacketWire",
      ]),
    tests(
      of: "OriginLookUp",
      uses: [
        "AddressOrigins", "LineFormat", "LinuxNet", "LinuxSystem", "NameResolution",
        "OriginEngine", "PacketWire", "ServiceEngine", "SimulatedInternet",
      ]),
    tests(
      of: "ServerShell",
      uses: [
        "LinuxNet", "LinuxSystem", "PacketWire", "ServiceEngine", "SimulatedInternet",
        "TransportSecurity",
      ]),
    tests(
      of: "LabCommand",
      uses: [
        "CommandLineKit", "JSONTestSupport", "LinuxNet", "LinuxSystem", "PacketWire",
        "ServiceEngine", "SimulatedInternet", "TerminalText", "lab-swift",
      ]),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "AddressOrigins", "CommandLineKit", "EventJSON", "FlowAnalysis", "HostNaming",
        "JSONTestSupport",
        "LabCommand", "LinuxNet", "LinuxSystem", "LiveCapture", "PacketText", "PacketTestSupport",
        "PacketWire",
        "PageStory", "PingCommand", "ProbeEngine", "ProbeEvidence", "ProbeShell",
        "SniffCommand", "TerminalText", "TracerouteCommand", "lab-swift", "ping-swift",
        "sniff-swift", "traceroute-swift",
      ],
      path: "Tests/CommandTests", exclude: ["CASES.txt", "Expected"], swiftSettings: settings),
    // The built tools beside the system's own, on real sockets in the lab.
    .testTarget(
      name: "LiveTests",
      dependencies: [
        "CaptureTestSupport", "JSONTestSupport", "LabCommand", "LinuxSystem", "PacketExplanation",
        "PacketWire",
        "PingCommand", "ProbeEngine", "ProbeEvidence", "ProbeShell",
        "SniffCommand", "TracerouteCommand", "lab-swift", "ping-swift", "sniff-swift",
        "traceroute-swift",
      ],
      path: "Tests/LiveTests", swiftSettings: settings),
  ])
