import Curl
import Foundation
import Testing

extension ChaosRig {
    func waitUntilWell() async throws {
        try await eventually("the simulator listens") { (try? await simulatorStats()) != nil }
        try await eventually("the intake is healthy", within: .seconds(120)) {
            (try? await get("/health").status) == 200
        }
        try await eventually("both workers are there", within: .seconds(120)) { workers.count == 2 }
    }

    /// Everything harmful ends: whatever was stopped, filled, hung or cut works again.
    func calm() async throws {
        proxy.set(.pass)
        disk?.empty()
        for child in Stack.children(of: up.pid) { Glibc.kill(child, SIGCONT) }
        if !redis.isRunning { try await redis.start() }
        try await behave(ChaosConfiguration.calm)
        try await waitUntilWell()
    }

    /// Every process has to end by itself, with success.
    func stop() async throws {
        let children = Stack.children(of: up.pid)
        up.signal(SIGTERM)
        #expect(try await up.exit() == 0)
        for child in children { #expect(Glibc.kill(child, 0) != 0, "a child outlived sluice up") }
        simulator.signal(SIGTERM)
        #expect(try await simulator.exit() == 0)
        try await redis.kill()
    }

    func kill() async {
        for child in Stack.children(of: up.pid) { Glibc.kill(child, SIGKILL) }
        up.signal(SIGKILL)
        simulator.signal(SIGKILL)
        try? await redis.kill()
    }

    /// What a violation is looked into with.
    func keepFiles(as name: String) {
        let place = URL(fileURLWithPath: SluiceProcess.binary).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("chaos").appendingPathComponent(name)
        try? FileManager.default.removeItem(at: place)
        try? FileManager.default.createDirectory(
            at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        try? FileManager.default.copyItem(at: folder, to: place)
        print("the files of this run are kept in \(place.path)")
    }
}
