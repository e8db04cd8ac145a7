// swift-tools-version: 6.3
import PackageDescription

// Fuzz targets (https://llvm.org/docs/LibFuzzer.html). `scripts/fuzz` builds and runs them: they link
// only with libFuzzer, so they are a package of their own.

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6), .treatAllWarnings(as: .error),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .unsafeFlags(["-parse-as-library"]),
]

let package = Package(
  name: "Fuzz",
  dependencies: [.package(name: "Wirewalk", path: "..")],
  targets: [
    // Any octets as text: no trap, and nothing in the text that a terminal would obey.
    .executableTarget(
      name: "FuzzText",
      dependencies: [
        .product(name: "PacketText", package: "Wirewalk"),
        .product(name: "PacketWire", package: "Wirewalk"),
      ], swiftSettings: settings),
    // What is read of any octets is written back as those octets.
    .executableTarget(
      name: "FuzzRoundTrip",
      dependencies: [.product(name: "PacketWire", package: "Wirewalk")], swiftSettings: settings),
    // Any file as a recorded session: no trap, and the same however it is cut into pieces.
    .executableTarget(
      name: "FuzzEvidence",
      dependencies: [
        .product(name: "ProbeEngine", package: "Wirewalk"),
        .product(name: "ProbeEvidence", package: "Wirewalk"),
      ], swiftSettings: settings),
    // A genuine answer to a trace's probe, changed: no trap, and never an answer to no probe.
    .executableTarget(
      name: "FuzzTrace",
      dependencies: [
        .product(name: "PacketWire", package: "Wirewalk"),
        .product(name: "ProbeEngine", package: "Wirewalk"),
      ], swiftSettings: settings),
    // Any octets explained: fields lie inside the packet, and hold nothing that a terminal would obey.
    .executableTarget(
      name: "FuzzExplanation",
      dependencies: [
        .product(name: "PacketExplanation", package: "Wirewalk"),
        .product(name: "PacketWire", package: "Wirewalk"),
      ], swiftSettings: settings),
    // Any frames as a capture, followed and told: no trap, no cause that comes later, and no sentence
    // that a terminal would obey.
    .executableTarget(
      name: "FuzzStory",
      dependencies: [
        .product(name: "FlowAnalysis", package: "Wirewalk"),
        .product(name: "PacketWire", package: "Wirewalk"),
        .product(name: "PageStory", package: "Wirewalk"),
      ], swiftSettings: settings),
    // Any text as a display filter, asked of any packet: no trap, and an error marks a part of it.
    .executableTarget(
      name: "FuzzFilter",
      dependencies: [
        .product(name: "PacketFields", package: "Wirewalk"),
        .product(name: "PacketWire", package: "Wirewalk"),
      ], swiftSettings: settings),
  ])
