// swift-tools-version: 6.2
import PackageDescription

// What every Swift target of ours is built with. Warnings are errors, and a pointer at the C edge has to say `unsafe`.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]
// An async function runs where its caller does, instead of asking for an executor on its way in and out.
let staying: [SwiftSetting] = [.enableUpcomingFeature("NonisolatedNonsendingByDefault")]

func product(_ name: String, _ package: String) -> Target.Dependency { .product(name: name, package: package) }

func stage(_ name: String, path: String? = nil, resources: [Resource]? = nil, _ dependencies: Target.Dependency...)
    -> Target
{
    .target(
        name: name, dependencies: dependencies, path: path, resources: resources, swiftSettings: strict + staying)
}

func tests(_ name: String, _ dependencies: Target.Dependency...) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
    name: "sluice",
    products: [
        .executable(name: "sluice", targets: ["Sluice"]),
        .executable(name: "sluice-bench", targets: ["SluiceBench"]),
        // For tests: what gives a redis-server the time.
        .library(name: "ServerClock", type: .dynamic, targets: ["ServerClock"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        // The C libraries and their Swift owners; they know nothing of jobs.
        .target(name: "CHiredis", path: "Sources/Drivers/CHiredis", linkerSettings: [.linkedLibrary("hiredis")]),
        .target(name: "CCurl", path: "Sources/Drivers/CCurl", linkerSettings: [.linkedLibrary("curl")]),
        stage(
            "Redis", path: "Sources/Drivers/Redis", "CHiredis", product("Crypto", "swift-crypto"),
            product("Logging", "swift-log"),
            product("NIOCore", "swift-nio"), product("NIOPosix", "swift-nio"), product("NIOSSL", "swift-nio-ssl"),
            product("NIOConcurrencyHelpers", "swift-nio"), product("DequeModule", "swift-collections")),
        stage("Curl", path: "Sources/Drivers/Curl", "CCurl", "Cancellation"),
        .target(name: "CZlib", path: "Sources/Drivers/CZlib", linkerSettings: [.linkedLibrary("z")]),
        stage("Gzip", path: "Sources/Drivers/Gzip", "CZlib"),
        // How any caller of any of them ends a call.
        stage("Cancellation", path: "Sources/Drivers/Cancellation"),

        // The values a prompt becomes, and the seams between the stages.
        stage("JobFlow", "Cancellation"),
        // What faults of Redis mean to those who keep something on it.
        stage("RedisFaults", "JobFlow", "Redis"),

        // The files of the web console.
        stage("WebConsole", resources: [.embedInCode("Web")]),

        // The stages, in the order a prompt travels. They never import each other.
        stage(
            "JobIntake", "Gzip", "JobFlow", "WebConsole", product("Crypto", "swift-crypto"),
            product("Hummingbird", "hummingbird"),
            product("HTTPTypes", "swift-http-types"),
            product("Logging", "swift-log"), product("Metrics", "swift-metrics"), product("NIOCore", "swift-nio"),
            product("ServiceLifecycle", "swift-service-lifecycle")),
        stage(
            "JobQueue", resources: [.embedInCode("Scripts")], "JobFlow", "Redis", "RedisFaults",
            product("Logging", "swift-log"), product("ServiceLifecycle", "swift-service-lifecycle")),
        stage(
            "JobRunner", "Cancellation", "JobFlow", product("Logging", "swift-log"),
            product("Metrics", "swift-metrics"),
            product("ServiceLifecycle", "swift-service-lifecycle")),
        stage(
            "LLMEndpoints", "Cancellation", "JobFlow", "Curl", product("Logging", "swift-log"),
            product("Metrics", "swift-metrics"), product("ServiceLifecycle", "swift-service-lifecycle")),
        stage(
            "FleetBoard", resources: [.embedInCode("Scripts")], "JobFlow", "Redis", "RedisFaults",
            product("Logging", "swift-log")),
        stage(
            "JobRecovery", "JobFlow", product("Logging", "swift-log"), product("Metrics", "swift-metrics"),
            product("ServiceLifecycle", "swift-service-lifecycle")),
        stage(
            "JobWebhooks", "Curl", "JobFlow", product("Crypto", "swift-crypto"), product("Logging", "swift-log"),
            product("Metrics", "swift-metrics"), product("ServiceLifecycle", "swift-service-lifecycle")),
        // What a fleet knows together, in memory.
        stage("FleetMemory", "JobFlow"),
        stage(
            "RunAudit", "JobFlow", product("Crypto", "swift-crypto"), product("GRDB", "GRDB.swift"),
            product("Logging", "swift-log")),
        stage(
            "PoolSimulator", product("Hummingbird", "hummingbird"), product("HTTPTypes", "swift-http-types"),
            product("Logging", "swift-log"), product("NIOCore", "swift-nio")),

        // Plays the pool's and the runner's decisions against the simulated pool, in virtual time.
        stage(
            "PoolRehearsal", "Curl", "FleetMemory", "JobFlow", "JobRunner", "LLMEndpoints", "PoolSimulator",
            product("DequeModule", "swift-collections"), product("HeapModule", "swift-collections")),

        // Brings a file of prompts to an intake, and its results back: the work of `sluice submit`.
        stage("FileSubmission", "JobFlow", product("Crypto", "swift-crypto")),

        // What the assembly needs.
        // Secrets and tokens that a cloud keeps.
        stage("CloudSecrets", "Curl", "JobFlow"),
        stage("Settings", "JobFlow", product("Configuration", "swift-configuration")),
        stage(
            "Telemetry", "JobFlow", product("CoreMetrics", "swift-metrics"), product("Logging", "swift-log"),
            product("ServiceLifecycle", "swift-service-lifecycle")),
        .executableTarget(
            name: "Sluice",
            dependencies: [
                "CloudSecrets", "Curl", "FileSubmission", "FleetBoard", "JobFlow", "JobIntake", "JobQueue",
                "JobRecovery",
                "JobRunner", "JobWebhooks", "LLMEndpoints", "PoolRehearsal", "PoolSimulator", "Redis",
                "RunAudit", "Settings", "Telemetry",
                product("ArgumentParser", "swift-argument-parser"), product("Hummingbird", "hummingbird"),
                product("Logging", "swift-log"), product("Metrics", "swift-metrics"),
                product("DequeModule", "swift-collections"), product("NIOCore", "swift-nio"),
                product("NIOPosix", "swift-nio"),
                product("ServiceLifecycle", "swift-service-lifecycle"),
                product("UnixSignals", "swift-service-lifecycle"), product("Subprocess", "swift-subprocess"),
                product("SystemPackage", "swift-system"),
            ], swiftSettings: strict),

        // What the benchmarks run besides the program; see Benchmarks.
        .target(
            name: "CBare", path: "Benchmarks/Sources/CBare",
            linkerSettings: [.linkedLibrary("hiredis"), .linkedLibrary("curl"), .linkedLibrary("sqlite3")]),
        .executableTarget(
            name: "SluiceBench",
            dependencies: [
                "CBare", "Curl", "JobFlow", "JobQueue", "Redis", "RunAudit",
                product("ArgumentParser", "swift-argument-parser"), product("HTTPTypes", "swift-http-types"),
                product("Hummingbird", "hummingbird"), product("Logging", "swift-log"),
                product("NIOCore", "swift-nio"), product("NIOPosix", "swift-nio"),
            ], path: "Benchmarks/Sources/SluiceBench", swiftSettings: strict),

        // Clocks, an in-memory queue and the contract suites; never linked by the executable.
        stage("TestKit", "Cancellation", "FleetMemory", "JobFlow"),
        // Starts Redis servers for tests, with the system's clock or with one that the test moves.
        .target(name: "ServerClock", path: "Tests/ServerClock"),
        stage(
            "LiveRedis", path: "Tests/LiveRedis", "JobFlow", "Redis", "TestKit", product("Logging", "swift-log"),
            product("NIOPosix", "swift-nio")),
        tests("CurlTests", "Curl", "Cancellation"),
        tests(
            "FleetBoardTests", "FleetBoard", "JobFlow", "LiveRedis", "Redis", "TestKit",
            product("Logging", "swift-log"),
            product("NIOPosix", "swift-nio")),
        tests("FileSubmissionTests", "FileSubmission", "JobFlow", "TestKit"),
        tests("JobFlowTests", "JobFlow", "TestKit"),
        tests(
            "JobIntakeTests", "JobIntake", "JobFlow", "TestKit", product("Hummingbird", "hummingbird"),
            product("HummingbirdTesting", "hummingbird"), product("HTTPTypes", "swift-http-types"),
            product("Logging", "swift-log"), product("Metrics", "swift-metrics"),
            product("MetricsTestKit", "swift-metrics"), product("NIOCore", "swift-nio"),
            product("NIOPosix", "swift-nio"), product("ServiceLifecycle", "swift-service-lifecycle")),
        tests(
            "JobQueueTests", "JobFlow", "JobQueue", "LiveRedis", "Redis", "TestKit", product("Logging", "swift-log"),
            product("NIOPosix", "swift-nio")),
        tests(
            "JobRunnerTests", "JobFlow", "JobRunner", "TestKit", product("Logging", "swift-log"),
            product("InMemoryLogging", "swift-log"), product("Metrics", "swift-metrics"),
            product("MetricsTestKit", "swift-metrics"), product("ServiceLifecycle", "swift-service-lifecycle"),
            product("ServiceLifecycleTestKit", "swift-service-lifecycle")),
        tests(
            "LLMEndpointsTests", "Cancellation", "Curl", "FleetMemory", "JobFlow", "LLMEndpoints", "TestKit",
            product("Logging", "swift-log"), product("ServiceLifecycleTestKit", "swift-service-lifecycle"),
            product("NIOCore", "swift-nio"), product("NIOPosix", "swift-nio"), product("NIOHTTP1", "swift-nio")),
        tests(
            "PoolSimulatorTests", "PoolSimulator", product("HummingbirdTesting", "hummingbird"),
            product("ServiceLifecycle", "swift-service-lifecycle"), product("HTTPTypes", "swift-http-types"),
            product("Logging", "swift-log"), product("NIOCore", "swift-nio")),
        tests("PoolRehearsalTests", "JobFlow", "JobRunner", "LLMEndpoints", "PoolRehearsal", "PoolSimulator"),
        tests(
            "RedisTests", "Redis", product("Logging", "swift-log"), product("NIOCore", "swift-nio"),
            product("NIOPosix", "swift-nio"), product("NIOConcurrencyHelpers", "swift-nio")),
        tests(
            "JobRecoveryTests", "JobFlow", "JobRecovery", "TestKit", product("Logging", "swift-log"),
            product("InMemoryLogging", "swift-log"), product("ServiceLifecycle", "swift-service-lifecycle"),
            product("ServiceLifecycleTestKit", "swift-service-lifecycle")),
        tests(
            "JobWebhooksTests", "Curl", "JobFlow", "JobWebhooks", "TestKit", product("Logging", "swift-log"),
            product("InMemoryLogging", "swift-log"), product("Metrics", "swift-metrics"),
            product("MetricsTestKit", "swift-metrics"),
            product("ServiceLifecycle", "swift-service-lifecycle"),
            product("ServiceLifecycleTestKit", "swift-service-lifecycle")),
        tests("RunAuditTests", "RunAudit", "JobFlow", product("GRDB", "GRDB.swift"), product("Logging", "swift-log")),
        tests("CloudSecretsTests", "CloudSecrets", "Curl", "JobFlow", "TestKit"),
        tests("SettingsTests", "Settings", "JobFlow"),
        tests(
            "SystemTests", "Curl", "JobFlow", "RunAudit", "TestKit", product("NIOCore", "swift-nio"),
            product("NIOHTTP1", "swift-nio"),
            product("NIOPosix", "swift-nio")),
        tests(
            "TelemetryTests", "JobFlow", "Telemetry", "TestKit", product("CoreMetrics", "swift-metrics"),
            product("Logging", "swift-log"), product("ServiceLifecycle", "swift-service-lifecycle"),
            product("ServiceLifecycleTestKit", "swift-service-lifecycle")),
    ],
    swiftLanguageModes: [.v6]
)
