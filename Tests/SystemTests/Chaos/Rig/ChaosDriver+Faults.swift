import Foundation
import TestKit

/// How each fault begins and ends.
extension ChaosDriver {
    /// Returns the process that was hit, if it was one.
    func start(_ fault: ChaosFault) async throws -> pid_t? {
        switch fault {
        case .killWorker(let pick): return try await signal("worker", pick, SIGKILL)
        case .drainWorker(let pick): return try await signal("worker", pick, SIGTERM)
        case .freezeWorker(let pick, _): return try await signal("worker", pick, SIGSTOP)
        case .killIntake: return try await signal("intake", 0, SIGKILL)
        case .killRedis:
            try await rig.redis.kill()
            log.redisWent()
        case .cutConnections: rig.proxy.cut()
        case .delayConnections(let each, _): rig.proxy.set(.delay(each))
        case .blackhole: away(.hold(Latch()))
        case .refuseConnections: away(.refuse(Latch()))
        case .fillDisk: rig.disk?.fill()
        case .hangUpstream(let pick, _): try await rig.behave(#"{"hang_rate":1}"#, endpoints: Self.endpoint(pick))
        }
        return nil
    }

    func end(_ fault: ChaosFault, _ pid: pid_t?) async throws {
        switch fault {
        case .killWorker, .drainWorker, .killIntake, .cutConnections: break
        case .freezeWorker: if let pid { kill(pid, SIGCONT) }
        case .killRedis:
            log.redisReturns()
            try await rig.redis.start()
        case .delayConnections: rig.proxy.set(.pass)
        case .blackhole, .refuseConnections:
            log.redisReturns()
            rig.proxy.set(.pass)
        case .fillDisk: rig.disk?.empty()
        case .hangUpstream(let pick, _): try await rig.behave(#"{"hang_rate":0}"#, endpoints: Self.endpoint(pick))
        }
    }

    private func away(_ mode: ProxyMode) {
        rig.proxy.set(mode)
        log.redisWent()
    }

    private static func endpoint(_ pick: Int) -> [String] {
        [ChaosConfiguration.endpoints[pick % ChaosConfiguration.endpoints.count]]
    }

    /// Waits until there is a process of this role to be hit.
    private func signal(_ role: String, _ pick: Int, _ number: Int32) async throws -> pid_t {
        var pids: [pid_t] = []
        try await eventually("a process \(role) runs") {
            pids = Stack.children(of: rig.up.pid, command: role).sorted()
            return !pids.isEmpty
        }
        let pid = pids[pick % pids.count]
        kill(pid, number)
        return pid
    }
}
