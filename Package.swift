// swift-tools-version: 6.2
import PackageDescription

/// The kernels are one set of sources, built once per instruction set (docs/decisions/0002-kernel-targets.md).
///
/// The flags hold in debug builds too, so that tests and debug daemons train at full speed. Cross-module optimisation is
/// off because code inlined out of a wide module into a narrow one would run on a machine that lacks the instructions.
/// One LLVM module for all files of a target: with one a file, as SwiftPM has it, helpers such as the halves of a vector
/// stay calls or memory accesses, and the kernels take up to six times as long.
func kernels(_ name: String, march: String? = nil, define: String) -> Target {
  .target(
    name: name, dependencies: ["KernelAPI", "KernelIntrinsics"],
    swiftSettings: [
      .define(define),
      .unsafeFlags(
        [
          "-Ounchecked", "-wmo", "-disable-batch-mode", "-num-threads", "1", "-disable-cmo", "-Xfrontend",
          "-enable-single-module-llvm-emission",
        ]
          + (march.map { ["-Xcc", "-march=\($0)"] } ?? [])),
    ])
}

var kernelTargets = [kernels("Kernels", define: "NARROW")]
#if arch(x86_64)
  kernelTargets += [
    kernels("KernelsAVX2", march: "x86-64-v3", define: "NARROW"),
    kernels("KernelsAVX512", march: "x86-64-v4", define: "WIDE"),
  ]
#endif
let kernelDependencies = kernelTargets.map { Target.Dependency(stringLiteral: $0.name) }

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let nio: [Target.Dependency] = [
  .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
  .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOExtras", package: "swift-nio-extras"),
  .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
  .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
]
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
  name: "pairnet",
  products: [
    .executable(name: "pairnetd", targets: ["pairnetd"]),
    .executable(name: "pairnetctl", targets: ["pairnetctl"]),
    // Loaded into the daemon by the torture tests.
    .library(name: "FaultLayer", type: .dynamic, targets: ["FaultLayer"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: kernelTargets + [
    // The engine.
    .target(name: "CPUFeatures"),
    .target(name: "KernelAPI"),
    .target(name: "KernelIntrinsics"),
    .target(name: "KernelsReference", dependencies: ["KernelAPI"]),
    .target(name: "PairNN", dependencies: ["CPUFeatures", "KernelAPI"] + kernelDependencies),
    // Optimised in debug builds too: each test daemon that uses them draws 9,000 digits, in 0.4 s instead of 1.2 s.
    .target(
      name: "SyntheticDigits", dependencies: ["PairNN"],
      swiftSettings: [.unsafeFlags(["-O", "-wmo", "-disable-batch-mode", "-num-threads", "1"])]),
    .target(
      name: "PairTraining", dependencies: ["KernelAPI", "PairCore", "PairNN", "SyntheticDigits", "CZlib", crypto]),

    // The queue and the tables.
    .target(name: "PairCore", dependencies: [crypto]),
    .target(name: "PairStatistics"),
    .target(name: "PairPlots", dependencies: ["PairStatistics"]),
    .target(
      name: "Migrations", path: "migrations",
      resources: [
        .embedInCode("0001_queue.sql"), .embedInCode("0002_reproductions.sql"), .embedInCode("0003_control.sql"),
      ]),
    .target(name: "PairStore", dependencies: ["PairCore", "PairStatistics", "Migrations", crypto, grdb, sqlite]),
    .target(name: "PairScheduler", dependencies: ["PairCore", "PairStore", "PairTraining", logging]),

    // The service and its client.
    .target(name: "PairAPI", dependencies: ["PairCore"]),
    .target(
      name: "PairServer",
      dependencies: [
        "PairAPI", "PairCore", "PairScheduler", "PairStatistics", "PairStore", "PairTraining", hummingbird, lifecycle,
        logging,
      ] + nio,
      resources: [.embedInCode("openapi.json")]),
    .executableTarget(
      name: "pairnetd",
      dependencies: [
        "PairCore", "PairNN", "PairScheduler", "PairServer", "PairStore", "PairTraining", argumentParser, lifecycle,
        logging,
        yams,
      ]),
    .executableTarget(
      name: "pairnetctl",
      dependencies: ["PairAPI", "PairCore", "CZlib", "PairPlots", "PairStatistics", argumentParser, crypto]),

    .executableTarget(
      name: "pairnet-bench", dependencies: ["KernelAPI", "PairCore", "PairNN", "PairTraining", argumentParser],
      path: "bench/pairnet-bench"),

    // Makes the manual pages out of the programs' own help.
    .executableTarget(name: "pairnet-manual"),

    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

    .target(name: "MallocCounter", path: "Tests/MallocCounter"),
    .testTarget(name: "PairCoreTests", dependencies: ["PairCore"]),
    .testTarget(name: "KernelTests", dependencies: ["PairNN", "KernelAPI", "KernelsReference"]),
    .testTarget(name: "PairNNTests", dependencies: ["PairNN", "KernelAPI"]),
    .testTarget(
      name: "PairTrainingTests",
      dependencies: [
        "FuzzTesting", "PairTraining", "PairNN", "KernelAPI", "PairCore", "SyntheticDigits", "CZlib", "MallocCounter",
      ],
      exclude: ["Fixtures"]),
    .testTarget(name: "PairStatisticsTests", dependencies: ["PairStatistics"], exclude: ["Fixtures"]),
    .testTarget(name: "PairPlotsTests", dependencies: ["PairPlots"], exclude: ["Golden"]),
    .executableTarget(
      name: "scale-bench", dependencies: ["PairAPI", "PairCore", "PairScheduler", "PairStore", grdb],
      path: "bench/scale-bench"),
    .target(name: "FuzzTesting", path: "Tests/FuzzTesting"),
    .target(name: "StoreTesting", dependencies: ["PairCore", "PairStore"], path: "Tests/StoreTesting"),
    .executableTarget(
      name: "crash-harness", dependencies: ["PairCore", "PairStore", "StoreTesting"], path: "Tests/CrashHarness"),
    .testTarget(
      name: "PairStoreTests",
      dependencies: ["PairStore", "PairCore", "Migrations", "StoreTesting", grdb]),
    .target(name: "FaultLayer", path: "Tests/FaultLayer"),
    .target(
      name: "Torture", dependencies: ["pairnetd", "crash-harness", grdb], path: "Tests/Torture"),
    .executableTarget(
      name: "pairnet-torture", dependencies: ["Torture", argumentParser], path: "Tests/TortureProgram"),
    .testTarget(name: "TortureTests", dependencies: ["Torture", "FaultLayer"]),
    .testTarget(
      name: "PairSchedulerTests",
      dependencies: ["PairScheduler", "PairStore", "PairTraining", "PairCore", "StoreTesting"]),
    .testTarget(
      name: "PairServerTests",
      dependencies: [
        "FuzzTesting", "PairAPI", "PairCore", "PairScheduler", "PairServer", "PairStore", "PairTraining", "pairnetd",
        hummingbird, logging,
      ]),
    .testTarget(
      name: "PairnetctlTests",
      dependencies: ["FuzzTesting", "pairnetctl", "PairAPI", "PairCore", argumentParser, crypto], exclude: ["Golden"]),
    .testTarget(name: "PairnetBenchTests", dependencies: ["pairnet-bench", "PairCore"]),
    .testTarget(
      name: "EndToEndTests",
      dependencies: ["PairAPI", "PairCore", "pairnetctl", "pairnetd", "pairnet-manual", grdb]),
  ],
  swiftLanguageModes: [.v6]
)
