import JobFlow
import JobRunner
import LLMEndpoints
import PoolSimulator

/// A call under way.
struct OpenCall: Sendable {
    var process: Int
    var job: Int
    var run: JobRun
    var started: StartedCall
    var routed: RoutedCall
    /// What the job's deadline leaves of the endpoint's.
    var timeout: Duration
    /// How it ends if nothing comes in between; nil when it hangs until its timeout.
    var outcome: CallOutcome?
}

/// The calls under way, in places that are used again.
struct OpenCalls: Sendable {
    private struct Place: Sendable {
        var call: OpenCall?
        var turn = 0
    }

    private var places: [Place] = []
    private var free: [Int] = []

    mutating func begin(_ call: OpenCall) -> (place: Int, turn: Int) {
        guard let place = free.popLast() else {
            places.append(Place(call: call))
            return (places.count - 1, 0)
        }
        places[place].call = call
        places[place].turn += 1
        return (place, places[place].turn)
    }

    /// Nil if it has ended before.
    mutating func end(_ place: Int, turn: Int) -> OpenCall? {
        guard places[place].turn == turn, let call = places[place].call else { return nil }
        places[place].call = nil
        free.append(place)
        return call
    }

    /// The calls that these endpoints serve; they are under way no more.
    mutating func cut(at endpoints: [Int]) -> [OpenCall] {
        let served = places.indices.filter { places[$0].call.map { endpoints.contains($0.routed.served) } ?? false }
        return served.compactMap { end($0, turn: places[$0].turn) }
    }
}
