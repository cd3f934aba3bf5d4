import HTTPTypes
import HummingbirdCore
import Metrics
import Testing

@testable import JobIntake

@Suite struct RouteTableTests {
    private static let table: RouteTable = {
        let metrics = IntakeMetrics(factory: NOOPMetricsHandler.instance)
        let routes: [(HTTPRequest.Method, String)] = [
            (.get, "/console/{file}"), (.get, "/console"), (.get, "/health"), (.post, "/v1/jobs"), (.get, "/v1/jobs"),
            (.get, "/v1/jobs/{id}"), (.delete, "/v1/jobs/{name}"), (.post, "/v1/jobs/batch"),
            (.get, "/v1/jobs/{id}/attempts"), (.post, "/v1/jobs/{id}/cancel"), (.get, "/v1/jobs/batch/{id}"),
            (.get, "/v1/jobs/batch/{id}/results"), (.post, "/{any}/{of}/{three}"), (.get, "/{any}/b/{c}/d"),
        ]
        return RouteTable(
            routes: routes.map { method, template in
                Route(method, template, metrics, scope: nil) { _ in Response(status: .ok) }
            })
    }()

    private func found(_ method: HTTPRequest.Method, _ path: String) -> String {
        switch Self.table.find(method, path) {
        case .route(let route, let parameters):
            "\(route.method.rawValue) \(route.template) \(parameters.joined(separator: " "))"
        case .wrongMethod(let problem): "knows \(problem.headers[.allow] ?? "")"
        case .unknownPath: "unknown"
        }
    }

    @Test(arguments: [
        ("/health", "GET /health "), ("/v1/jobs", "GET /v1/jobs "), ("/v1/jobs/x", "GET /v1/jobs/{id} x"),
        ("/v1/jobs/x/attempts", "GET /v1/jobs/{id}/attempts x"), ("/console/a.js", "GET /console/{file} a.js"),
        // Neither decoded nor compared as text.
        ("/v1/jobs/a%2Fb", "GET /v1/jobs/{id} a%2Fb"), ("/v1/jobs/%20/attempts", "GET /v1/jobs/{id}/attempts %20"),
        ("/v1/%6Aobs", "unknown"), ("/v1/jobs/é", "GET /v1/jobs/{id} é"), ("/v1/jobs/{id}", "GET /v1/jobs/{id} {id}"),
        ("/v1/jobs/\u{0}", "GET /v1/jobs/{id} \u{0}"), ("/V1/jobs", "unknown"), ("/v1/jobs/x/Attempts", "unknown"),
        // Empty parts are parts, and no variable ones.
        ("/v1/jobs/", "unknown"), ("/v1/jobs//attempts", "unknown"), ("//v1/jobs", "unknown"), ("/v1//jobs", "unknown"),
        ("/health/", "unknown"), ("/v1/jobs/x/", "unknown"), ("/v1/jobs/x/attempts/", "unknown"),
        ("", "unknown"), ("/", "unknown"), ("//", "unknown"), ("*", "unknown"), ("health", "unknown"),
        ("v1/jobs", "unknown"),
        ("/healt", "unknown"), ("/healthy", "unknown"), ("/v1/job", "unknown"), ("/v1/jobsx", "unknown"),
        ("/v1/jobs/x/attempt", "unknown"), ("/v1/jobs/x/attemptss", "unknown"), ("/a/b/c/d/e/f/g/h/i/j", "unknown"),
    ])
    func `a path is one of a route part for part`(path: String, expected: String) {
        #expect(found(.get, path) == expected)
    }

    @Test(arguments: [
        ("/v1/jobs/batch", "POST /v1/jobs/batch "), ("/v1/jobs/batches", "knows GET, HEAD, DELETE"),
        ("/v1/x/y", "POST /{any}/{of}/{three} v1 x y"), ("/v1/jobs/x/cancel", "POST /v1/jobs/{id}/cancel x"),
        // The same number of variable parts: the first that was listed.
        ("/v1/jobs/batch/cancel", "POST /v1/jobs/{id}/cancel batch"),
        ("/v1/jobs/batch/other", "knows GET, HEAD"),
    ])
    func `a word goes before a variable part, whatever the method`(path: String, expected: String) {
        #expect(found(.post, path) == expected)
    }

    @Test func `of two that fit, the one with fewer variable parts is taken`() {
        #expect(found(.get, "/v1/jobs/batch/attempts") == "GET /v1/jobs/{id}/attempts batch")
        #expect(found(.get, "/v1/b/x/d") == "GET /{any}/b/{c}/d v1 x")
        #expect(found(.get, "/v1/jobs/batch") == "knows POST")
    }

    @Test func `HEAD is GET, and a wrong method is told the right ones in the order of the routes`() {
        #expect(found(.head, "/v1/jobs/x") == "GET /v1/jobs/{id} x")
        #expect(found(.delete, "/v1/jobs/x") == "DELETE /v1/jobs/{name} x")
        #expect(found(.put, "/v1/jobs/x") == "knows GET, HEAD, DELETE")
        #expect(found(.put, "/v1/jobs") == "knows POST, GET, HEAD")
        #expect(found(.head, "/v1/jobs/x/cancel") == "knows POST")
        #expect(found(.put, "/nowhere") == "unknown")
    }
}
