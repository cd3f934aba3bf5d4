import Hummingbird
import NIOCore

/// All that a call needs to know of its connection: the channel, to wait on it or to reset it.
struct CallContext: InitializableFromSource {
    let channel: any Channel

    init(source: ApplicationRequestContextSource) { channel = source.channel }
}
