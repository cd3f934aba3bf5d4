import Curl
import Foundation
import JobFlow

/// Everything that runs: the simulator (never harmed), redis-server behind a proxy, and `sluice up` with one intake and two
/// workers. The audit log has a disk of its own where that can be had.
struct ChaosRig: Sendable {
    let folder: URL
    let disk: SmallDisk?
    let curl: CurlClient
    let redis: ChaosRedis
    let proxy: RedisProxy
    let simulator: SluiceProcess
    let up: SluiceProcess
    let intakeURL: String
    let simulatorURL: String

    /// Runs the body; then everything has to end by itself when it is asked to. On an error the files are kept.
    static func with(
        lease: Duration, behaviour: String = ChaosConfiguration.ordinary, _ body: (ChaosRig) async throws -> Void
    ) async throws {
        try await withFolder { folder in
            let audit = folder.appendingPathComponent("audit")
            try FileManager.default.createDirectory(at: audit, withIntermediateDirectories: true)
            let disk = SmallDisk.mount(at: audit, megabytes: 256)
            defer { disk?.unmount() }
            let curl = try CurlClient()
            defer { curl.shutdown() }
            let rig = try await ChaosRig(folder, disk, curl, lease)
            try await withThrowingTaskGroup { group in
                group.addTask { await rig.proxy.run() }
                defer { group.cancelAll() }
                do {
                    try await rig.redis.start()
                    try await rig.waitUntilWell()
                    try await rig.behave(behaviour)
                    try await body(rig)
                    try await rig.stop()
                } catch {
                    await rig.kill()
                    rig.keepFiles(as: "error")
                    throw error
                }
            }
        }
    }

    private init(_ folder: URL, _ disk: SmallDisk?, _ curl: CurlClient, _ lease: Duration) async throws {
        self.folder = folder
        self.disk = disk
        self.curl = curl
        redis = try ChaosRedis(port: try await quietPort(), folder: folder)
        proxy = RedisProxy(port: try await quietPort(), backend: redis.port)
        let (intake, pool) = ("127.0.0.1:\(try await quietPort())", "127.0.0.1:\(try await quietPort())")
        (intakeURL, simulatorURL) = ("http://" + intake, "http://" + pool)
        let worker = ChaosConfiguration(redis: proxy.port, intake: intake, simulator: pool, lease: lease).workerJSON
        for (name, text) in [("worker.json", worker), ("scenario.json", ChaosConfiguration.scenario)] {
            try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
        }
        simulator = try SluiceProcess(
            ["simulate", "--listen", pool, "--scenario", "scenario.json"], in: folder, log: "simulate.log")
        // The last thing that can fail here: what was started is known to somebody who can stop it.
        up = try SluiceProcess(["up"], in: folder)
    }
}
