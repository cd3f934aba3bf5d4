import NIOCore

extension AzureError {
    /// The same error as the only event of a stream whose status was 200.
    func event(for operation: ModelOperation) -> ByteBuffer {
        let json = String(buffer: body)
        let event =
            operation == .responses
            ? "event: error\ndata: {\"type\":\"error\",\"sequence_number\":0,\(json.dropFirst())\n\n"
            : "data: \(json)\n\n"
        return ByteBuffer(string: event)
    }
}
