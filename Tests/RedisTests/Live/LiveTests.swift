import Testing

/// The tests against a real redis-server. Each starts its own; one after the other, so that they do not starve.
@Suite(.serialized, .timeLimit(.minutes(3))) enum LiveTests {}
