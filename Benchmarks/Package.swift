// swift-tools-version: 6.3
import PackageDescription

// A package of its own: an ordinary build of the gateway resolves and builds nothing of this.
let warningsAreErrors = Context.environment["SLUICE_WARNINGS_AS_ERRORS"] == "1"

let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableUpcomingFeature("InferIsolatedConformances"),
        .enableUpcomingFeature("ImmutableWeakCaptures"),
        .strictMemorySafety(),
    ] + (warningsAreErrors ? [.treatAllWarnings(as: .error)] : [])

let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")

let package = Package(
    name: "sluice-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift.git", exact: "0.2.0"),
    ],
    targets: [
        .systemLibrary(name: "CEpoll", path: "Sources/CEpoll"),
        .systemLibrary(
            name: "CSQLite",
            path: "Sources/CSQLite",
            pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"])]
        ),
        .target(name: "BenchMachine", swiftSettings: settings),
        .target(name: "BenchLoad", dependencies: ["BenchMachine", "CEpoll", histogram], swiftSettings: settings),
        .target(name: "BenchUpstream", dependencies: ["BenchMachine", "CEpoll"], swiftSettings: settings),
        .target(name: "BenchFill", dependencies: ["CSQLite"], swiftSettings: settings),
        .executableTarget(
            name: "sluice-bench",
            dependencies: [
                "BenchMachine", "BenchLoad", "BenchUpstream", "BenchFill", histogram,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "BenchLoadTests",
            dependencies: ["BenchLoad", "BenchMachine"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "BenchUpstreamTests",
            dependencies: ["BenchUpstream", "BenchLoad", "BenchMachine", histogram],
            swiftSettings: settings
        ),
    ]
)
