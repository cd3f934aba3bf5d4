import Logging

extension Logger {
    /// What went wrong behind a request. Clients read less: the words of a store may name hosts.
    func fault(_ message: Logger.Message, _ error: any Error, _ correlationID: String) {
        warning(message, metadata: ["correlation.id": "\(correlationID)", "error": "\(error)"])
    }
}
