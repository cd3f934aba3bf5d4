import Cancellation
import Curl
import JobFlow

extension EndpointPool {
    /// One call whose answer is handed on while it comes. An endpoint that answers in one piece after all is read as ever.
    func stream(
        _ request: CurlRequest, _ prompt: Prompt, _ endpoint: EndpointConfiguration,
        _ cancellation: CallCancellation, fault: (CurlError) -> Classified
    ) async -> (response: CurlResponse?, classified: Classified) {
        let pieces = CurlPieces()
        async let received = receive(request, cancellation, pieces)
        var stream = AnswerStream(path: prompt.path, keepsUsage: IncludeUsage.isAsked(prompt))
        var whole: [UInt8] = []
        for await piece in pieces {
            guard pieces.head.map(ClassifyStream.isStream) == true else {
                whole += piece
                continue
            }
            let onward = stream.receive(piece)
            if !onward.isEmpty { prompt.output?.take(onward, attempt: prompt.attempt) }
        }
        switch await received {
        case .failure(let error):
            let classified = fault(error)
            return (pieces.head, stream.hasOutput ? ClassifyStream.afterOutput(classified) : classified)
        case .success(var response):
            if ClassifyStream.isStream(response) {
                return (
                    response, ClassifyStream.classify(response, stream, endpoint: endpoint, now: now())
                )
            }
            response.body = whole
            return (response, ClassifyAnswer.classify(response, endpoint: endpoint, now: now()))
        }
    }

    private func receive(
        _ request: CurlRequest, _ cancellation: CallCancellation, _ pieces: CurlPieces
    ) async -> Result<CurlResponse, CurlError> {
        do throws(CurlError) {
            return .success(try await curl.receive(request, cancellation: cancellation, into: pieces))
        } catch { return .failure(error) }
    }
}
