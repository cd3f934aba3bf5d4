import JobFlow
import Logging
import ServiceLifecycle
import Subprocess
import SystemPackage

/// A child process that is started again when it dies, until graceful shutdown. Its standard input is a pipe that we hold
/// open: a child of ours ends by itself when the parent is gone, even by SIGKILL (`ParentWatch`).
struct ChildProcess: Service {
    let name: String
    let executable: String
    let arguments: [String]
    /// How long after SIGTERM it may take before it is killed.
    let patience: Duration
    /// It reads worker.json again on SIGHUP; others would die of one.
    var heedsHangups = false
    let logger: Logger
    var running = RunningChildren()

    func run() async throws {
        await withGracefulShutdownHandler {
            await cancelWhenGracefulShutdown { await runAgainAndAgain() }
        } onGracefulShutdown: {
            running.stopping(name)
        }
    }

    private func runAgainAndAgain() async {
        var policy = RestartPolicy()
        while !Task.isCancelled {
            let start = ContinuousClock.now
            await runOnce()
            guard !Task.isCancelled else { return }
            let pause = policy.died(after: .now - start)
            logger.warning(
                "child will be restarted",
                metadata: [
                    "child": "\(name)", "delay_ms": "\(pause.wholeMilliseconds)", "deaths": "\(policy.deaths)",
                ])
            try? await Task.sleep(for: pause)
        }
    }

    private func runOnce() async {
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: patience)]
        // A group of its own: Ctrl-C reaches the parent only, which stops its children in the right order.
        options.processGroupID = 0
        do {
            let lifeline = try FileDescriptor.pipe()
            defer { try? lifeline.writeEnd.close() }
            let result = try await Subprocess.run(
                .path(FilePath(executable)), arguments: Arguments(arguments), platformOptions: options,
                input: .fileDescriptor(lifeline.readEnd, closeAfterSpawningProcess: true),
                output: .currentStandardOutput, error: .currentStandardError
            ) { execution in
                running.started(name, execution.processIdentifier.value, heedsHangups: heedsHangups)
            }
            running.ended(name)
            logger.notice("child ended", metadata: ["child": "\(name)", "status": "\(result.terminationStatus)"])
        } catch {
            running.ended(name)
            logger.error("child could not be started", metadata: ["child": "\(name)", "error": "\(error)"])
        }
    }
}
