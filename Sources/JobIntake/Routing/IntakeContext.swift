package import Hummingbird
import NIOCore

/// What Hummingbird hands over besides the request.
package struct IntakeContext: InitializableFromSource {
    let channel: any Channel

    package init(source: ApplicationRequestContextSource) { channel = source.channel }
}
