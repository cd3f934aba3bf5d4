/// How the loop let go of a transfer.
enum TransferEnd: Sendable, Equatable {
    /// libcurl is done with it: a CURLcode.
    case finished(UInt32)
    /// libcurl would not start it: a CURLMcode.
    case refused(Int32)
    /// Its time was up before libcurl came to it.
    case timedOut
    case cancelled
    case closed
}
