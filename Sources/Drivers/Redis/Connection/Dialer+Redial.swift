import Logging
import NIOCore

extension Dialer {
    /// Keeps one connection for as long as the task lives: dials, serves until it ends, waits, dials again.
    ///
    /// - Parameters:
    ///   - linked: called with each greeted link.
    ///   - lost: called after each failed attempt and each end of a link, with the reason.
    func redialForever(
        on eventLoop: any EventLoop, _ receiver: RedisLink.Receiver, linked: (RedisLink) -> Void,
        lost: (RedisError) -> Void
    ) async {
        var backoff = Backoff(
            minimum: configuration.minimumReconnectDelay, maximum: configuration.maximumReconnectDelay)
        var generator = SystemRandomNumberGenerator()
        // An outage is one warning, however often it is dialled while it lasts.
        var isReported = false
        while !Task.isCancelled {
            let (reason, life) = await serveOnce(on: eventLoop, receiver, linked)
            lost(Task.isCancelled ? .clientClosed : reason)
            if reason.code == .closed || Task.isCancelled { return }
            backoff.connectionEnded(after: life)
            let delay = backoff.next(using: &generator)
            if life > .zero { isReported = false }
            logger.log(
                level: isReported ? .debug : .warning, "redis is not connected",
                metadata: ["error": "\(reason)", "delay": "\(delay)"])
            isReported = true
            try? await Task.sleep(for: delay)
        }
    }

    private func serveOnce(
        on eventLoop: any EventLoop, _ receiver: RedisLink.Receiver, _ linked: (RedisLink) -> Void
    ) async -> (reason: RedisError, life: Duration) {
        do throws(RedisError) {
            let link = try await dial(on: eventLoop, receiver)
            let start = ContinuousClock.now
            logger.info("redis connected")
            linked(link)
            let reason = await link.untilEnded()
            return (reason, start.duration(to: .now))
        } catch {
            return (error, .zero)
        }
    }
}
