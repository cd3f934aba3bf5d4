import Logging
import ServiceLifecycle
import UnixSignals

/// The services of one process. They start in order and stop in reverse; SIGTERM and SIGINT stop them gracefully.
struct ProcessServices {
    /// What the others stand on; none of them ends by itself.
    var support: [any Service] = []
    /// What the process is there for: when one of these ends, the process does.
    var main: [any Service] = []
    let logger: Logger

    func run() async throws {
        let group = ServiceGroup(
            configuration: .init(
                services: support.map { .init(service: $0) }
                    + main.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) },
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
    }
}
