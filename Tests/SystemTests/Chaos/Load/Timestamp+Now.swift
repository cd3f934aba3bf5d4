import Foundation
import JobFlow

extension Timestamp {
    static var now: Timestamp { Timestamp(seconds: Date().timeIntervalSince1970) }
}
