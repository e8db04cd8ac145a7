// swift-tools-version: 6.3
import PackageDescription

// What the libraries are for, a program a file; docs/libraries.md tells of each. `scripts/examples`
// builds and runs them. They are a package of their own, so that they have what a stranger's has: the
// products, and what is public in them.

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func libraries(_ names: [String]) -> [Target.Dependency] {
  names.map { .product(name: $0, package: "Wirewalk") }
}

func example(_ name: String, uses names: [String]) -> Target {
  .executableTarget(
    name: name, dependencies: ["ExampleShell"] + libraries(names), swiftSettings: settings)
}

let package = Package(
  name: "Examples",
  dependencies: [.package(name: "Wirewalk", path: "..")],
  targets: [
    // What the examples ask of the system, for the libraries ask nothing of it.
    .target(
      name: "ExampleShell", dependencies: libraries(["CaptureFile", "PacketText", "PacketWire"]),
      swiftSettings: settings),
    example("read-capture", uses: ["CaptureFile", "PacketText", "PacketWire"]),
    example("flows", uses: ["CaptureFile", "FlowAnalysis", "PacketText", "PacketWire"]),
    example("fields", uses: ["CaptureFile", "PacketFields", "PacketText", "PacketWire"]),
    example("build-packet", uses: ["PacketText", "PacketWire"]),
    example(
      "trace-in-virtual-time",
      uses: ["PacketText", "PacketWire", "ProbeEngine", "SimulatedInternet"]),
  ])
