import JobFlow

/// The body of a request that says everything in its path: none, or `{}`. Anything else was meant to say something.
enum EmptyBody {
    private static let limit = 1024

    static func check(_ request: IntakeRequest) async throws(IntakeProblem) {
        try ContentRules.check(request.headers)
        let bytes = try await request.body(upTo: limit)
        guard bytes.isEmpty || (try? JSONObject(parsing: bytes))?.members.isEmpty == true else {
            throw .body("This route takes no body.", code: "unexpected_body")
        }
    }
}
