/// A value behind one reference, for what is passed along far more often than it is looked into: a copy is one reference, and
/// the frame of an async function that holds several holds little.
package struct Shared<Value: Sendable>: Sendable {
    /// Never changes, so that copies may share it.
    @usableFromInline final class Storage: Sendable {
        @usableFromInline let value: Value

        init(_ value: Value) { self.value = value }
    }

    @usableFromInline let storage: Storage

    package init(_ value: Value) { storage = Storage(value) }

    @inlinable package var value: Value { _read { yield storage.value } }
}

extension Shared: Equatable where Value: Equatable {
    package static func == (one: Shared, other: Shared) -> Bool {
        one.storage === other.storage || one.value == other.value
    }
}
