/// Makes sense of what arrives on a subscribed connection.
struct SubscriptionReader: Sendable {
    enum Event: Sendable, Equatable {
        case nothing
        /// All channels are subscribed to; what was published before may have been missed.
        case subscribed
        case message(channel: String, payload: ArraySlice<UInt8>)
        case failed(RedisError)
    }

    private var unconfirmed: Set<String>

    init(channels: [String]) {
        unconfirmed = Set(channels)
    }

    mutating func receive(_ reply: RedisReply) -> Event {
        switch reply {
        case .error(let message): .failed(RedisError(reply: message))
        case .array(let elements): receive(elements)
        case .null, .integer, .bytes: .nothing
        }
    }

    private mutating func receive(_ elements: [RedisReply]) -> Event {
        guard elements.count == 3, let kind = elements[0].string, let channel = elements[1].string else {
            return .nothing
        }
        switch kind {
        case "message": return .message(channel: channel, payload: elements[2].bytes ?? [])
        case "subscribe": return confirm(channel)
        default: return .nothing
        }
    }

    private mutating func confirm(_ channel: String) -> Event {
        let wasAwaited = unconfirmed.remove(channel) != nil
        return wasAwaited && unconfirmed.isEmpty ? .subscribed : .nothing
    }
}
