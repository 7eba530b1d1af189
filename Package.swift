// swift-tools-version: 6.3
import Foundation
import PackageDescription

// Warnings stop CI and `make test`, never a user's `make serve`: a newer toolchain may warn where this one does not.
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

func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/\(name)", swiftSettings: settings)
}

/// The compiled adapters, by their folders in `Plugins/`.
let adapters = [
    "anthropic-messages": "AnthropicMessagesAdapter",
    "openai": "OpenAIServiceAdapter",
    "openai-chat": "OpenAIChatAdapter",
    "openai-completion": "OpenAICompletionAdapter",
    "openai-embedding": "OpenAIEmbeddingAdapter",
    "openai-responses": "OpenAIResponsesAdapter",
    "stub": "StubAdapter",
]

let adapterNames = adapters.values.sorted().map { Target.Dependency.target(name: $0) }

let adapterTargets = adapters.sorted { $0.key < $1.key }.map { folder, name in
    // The build itself only warns, and then knows no `PackageResources`.
    guard FileManager.default.fileExists(atPath: "\(Context.packageDirectory)/Plugins/\(folder)/plugin.json") else {
        let sentence = "Plugins/\(folder)/plugin.json is missing: it says what the adapter is; see docs/adapters.md\n"
        FileHandle.standardError.write(Data(sentence.utf8))
        exit(1)
    }
    return Target.target(
        name: name,
        dependencies: ["SluiceTypes", "SluiceJSON", "SluiceProvider", "SluiceDialects"],
        path: "Plugins/\(folder)",
        exclude: ["Fixtures"],
        sources: ["Sources"],
        resources: [.embedInCode("plugin.json")],
        swiftSettings: settings
    )
}

func tests(
    _ name: String,
    _ dependencies: [Target.Dependency],
    exclude: [String] = [],
    resources: [Resource] = []
) -> Target {
    .testTarget(
        name: name,
        dependencies: dependencies,
        path: "Tests/\(name)",
        exclude: exclude,
        resources: resources,
        swiftSettings: settings
    )
}

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")

let package = Package(
    name: "sluice",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "sluice", targets: ["sluice"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections.git", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration.git", exact: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", exact: "1.35.2"),
        .package(url: "https://github.com/groue/GRDB.swift.git", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", exact: "2.28.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", exact: "2.13.0"),
    ],
    targets: [
        // Doors to C. Each has one owner; nothing else names a C type.
        .systemLibrary(
            name: "CJansson",
            path: "Sources/CJansson",
            pkgConfig: "jansson",
            providers: [.apt(["libjansson-dev"])]
        ),
        .systemLibrary(
            name: "CCurl",
            path: "Sources/CCurl",
            pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"])]
        ),

        .systemLibrary(
            name: "CCodings",
            path: "Sources/CCodings",
            providers: [.apt(["zlib1g-dev", "libzstd-dev"])]
        ),

        .systemLibrary(name: "CMalloc", path: "Sources/CMalloc"),

        // The price table that is built in: the C compiler embeds it in no time, and a Swift array of it takes minutes.
        .target(name: "CPrices", path: "Sources/CPrices", exclude: ["overlay.json", "prices.json"]),

        // The nouns, and the bytes.
        room("SluiceTypes"),
        room("SluiceJSON", ["CJansson"]),
        room("SluiceCodings", ["CCodings"]),

        // What calls cost.
        room("SluiceMoney", ["SluiceTypes", "SluiceJSON", "CPrices"]),

        // Contracts: users and implementations meet here and never import each other.
        room("SluiceStore", ["SluiceTypes", "SluiceJSON", crypto]),
        room("SluiceProvider", ["SluiceTypes", "SluiceJSON", "SluiceMoney"]),

        // The wire formats: adapters and surfaces speak them.
        room("SluiceDialects", ["SluiceTypes", "SluiceJSON", "SluiceProvider"]),

        // Implementations.
        room("SluiceSQLite", ["SluiceTypes", "SluiceJSON", "SluiceStore", grdb, grdbSQLite, heap, logging]),
        room("SluiceCurl", ["SluiceTypes", "SluiceProvider", "CCurl"]),
        room("SluiceCatalogue", ["SluiceTypes", "SluiceJSON", "SluiceMoney", "SluiceProvider", crypto]),
        room("SluiceConformance", ["SluiceTypes", "SluiceJSON", "SluiceProvider"]),

        // Users.
        room("SluiceTokens", ["SluiceTypes", "SluiceStore", crypto, logging]),
        room(
            "SluiceEngine",
            [
                "SluiceTypes", "SluiceJSON", "SluiceMoney", "SluiceStore", "SluiceProvider", crypto, heap, lifecycle,
                logging,
            ]
        ),
        room(
            "SluiceHTTP",
            [
                "SluiceTypes", "SluiceJSON", "SluiceCodings", "SluiceMoney", "SluiceStore", "SluiceDialects",
                "SluiceEngine", "SluiceTokens", crypto, hummingbird, hummingbirdCore, httpTypes, nioCore, nioHTTP1,
                nioHTTPTypes,
                lifecycle, logging,
            ]
        ),

        // Who watches the engine, and tells others.
        room(
            "SluiceTelemetry",
            [
                "SluiceTypes", "SluiceJSON", "SluiceCodings", "SluiceStore", "SluiceProvider", "SluiceEngine",
                lifecycle,
                logging,
            ]
        ),

        // The executable knows everyone and decides nothing.
        .executableTarget(
            name: "sluice",
            dependencies: [
                "SluiceTypes", "SluiceJSON", "SluiceMoney", "SluiceStore", "SluiceProvider", "SluiceSQLite",
                "SluiceCurl", "SluiceCatalogue", "SluiceTokens", "SluiceEngine", "SluiceHTTP",
                "SluiceTelemetry", "CMalloc",
                arguments, configuration, lifecycle, logging, unixSignals,
            ] + adapterNames,
            path: "Sources/sluice",
            swiftSettings: settings
        ),

        // What tests share.
        .target(
            name: "SluiceTesting",
            dependencies: ["SluiceTypes", "SluiceJSON", "SluiceStore", "SluiceProvider"],
            path: "Tests/SluiceTesting",
            swiftSettings: settings
        ),
        .target(
            name: "SluiceRig",
            dependencies: [
                "SluiceTypes", "SluiceJSON", "SluiceMoney", "SluiceStore", "SluiceProvider", "SluiceDialects",
                "SluiceEngine",
                "SluiceTesting",
                lifecycle,
                logging,
            ],
            path: "Tests/SluiceRig",
            swiftSettings: settings
        ),
        .target(
            name: "LoopbackProvider",
            dependencies: [nioCore, nioPosix],
            path: "Tests/LoopbackProvider",
            swiftSettings: settings
        ),

        .target(name: "ChildStart", path: "Tests/ChildStart"),
        .target(name: "FaultyDisk", path: "Tests/FaultyDisk", linkerSettings: [.linkedLibrary("sqlite3")]),

        tests("SluiceTypesTests", ["SluiceTypes"]),
        tests("SluiceJSONTests", ["SluiceJSON", "CJansson"]),
        tests("SluiceCodingsTests", ["SluiceCodings"]),
        tests("SluiceMoneyTests", ["SluiceTypes", "SluiceJSON", "SluiceMoney"], exclude: ["Vectors"]),
        tests(
            "SluiceStoreTests",
            ["SluiceTypes", "SluiceStore", "SluiceTesting", "SluiceSQLite", "FaultyDisk", grdb, grdbSQLite]
        ),
        tests("SluiceProviderTests", ["SluiceTypes", "SluiceJSON", "SluiceProvider"]),
        tests(
            "SluiceDialectsTests",
            ["SluiceTypes", "SluiceJSON", "SluiceProvider", "SluiceDialects"],
            exclude: ["HubFixtures", "ThreadFixtures"]
        ),
        tests(
            "SluiceAdapterTests",
            [
                "SluiceTypes", "SluiceJSON", "SluiceProvider", "SluiceDialects", "SluiceConformance", "sluice",
                "StubAdapter",
            ]
        ),
        tests("SluiceCurlTests", ["SluiceTypes", "SluiceProvider", "SluiceCurl", "LoopbackProvider"]),
        tests(
            "SluiceCatalogueTests",
            ["SluiceTypes", "SluiceJSON", "SluiceMoney", "SluiceProvider", "SluiceCatalogue"]
        ),
        tests(
            "SluiceEngineTests",
            [
                "SluiceTypes", "SluiceJSON", "SluiceMoney", "SluiceStore", "SluiceProvider", "SluiceEngine",
                "SluiceTesting", "SluiceRig",
                "SluiceDialects", lifecycle, logging,
            ]
        ),
        tests(
            "SluiceTelemetryTests",
            [
                "SluiceTypes", "SluiceJSON", "SluiceStore", "SluiceProvider", "SluiceEngine", "SluiceTelemetry",
                "SluiceTesting", logging,
            ]
        ),
        tests(
            "SluiceTokensTests",
            ["SluiceTypes", "SluiceStore", "SluiceTokens", "SluiceTesting", logging]
        ),
        tests(
            "SluiceHTTPTests",
            [
                "SluiceTypes", "SluiceJSON", "SluiceStore", "SluiceProvider", "SluiceDialects", "SluiceEngine",
                "SluiceTokens", "SluiceHTTP", "SluiceTesting", "SluiceRig", hummingbird, hummingbirdTesting, httpTypes,
                nioCore,
                nioEmbedded, nioHTTP1, nioPosix, lifecycle, logging,
            ]
        ),
        tests(
            "SluiceCommandTests",
            [
                "SluiceTypes", "SluiceJSON", "SluiceMoney", "SluiceStore", "SluiceProvider", "SluiceTokens", "sluice",
                "SluiceTesting", arguments, logging,
            ]
        ),
        tests(
            "EndToEndTests",
            ["SluiceTypes", "SluiceJSON", "SluiceTesting", "LoopbackProvider", "ChildStart", "sluice", grdb],
            exclude: ["Recorded/Requests"]
        ),
    ] + adapterTargets
)
