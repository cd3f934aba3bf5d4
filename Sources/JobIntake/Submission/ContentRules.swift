import HTTPTypes

/// What a JSON route takes as its content type and encoding.
enum ContentRules {
    /// `application/json`, any type that ends in `+json`, or none at all.
    static func check(_ headers: HTTPFields) throws(IntakeProblem) {
        if let encoding = headers[.contentEncoding], encoding.lowercased() != "identity" {
            throw IntakeProblem(
                .unsupportedMediaType, code: "unsupported_content_encoding", "This route takes no compressed bodies.",
                param: "Content-Encoding")
        }
        guard let type = headers[.contentType], type != "application/json" else { return }
        let essence = type.prefix { $0 != ";" }.lowercased().filter { $0 != " " && $0 != "\t" }
        guard essence == "application/json" || (essence.contains("/") && essence.hasSuffix("+json")) else {
            throw IntakeProblem(
                .unsupportedMediaType, code: "unsupported_media_type", "Content-Type has to be application/json.",
                param: "Content-Type")
        }
    }
}
