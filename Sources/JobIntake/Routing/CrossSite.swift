import HTTPTypes

/// Refuses what a browser sends for a page of another site. An intake on loopback asks for no key, so a page could have jobs
/// cancelled by whoever reads it; programs that are no browsers send neither header.
enum CrossSite {
    /// `Sec-Fetch-Site` decides where there is one: it holds behind a proxy that renames the host, too.
    static func check(_ headers: HTTPFields, host: String?) throws(IntakeProblem) {
        if let site = headers[.fetchSite] {
            guard site == "same-origin" || site == "none" else { throw .crossSite }
        } else if let origin = headers[.origin] {
            guard let host, hostPart(of: origin) == host.lowercased() else { throw .crossSite }
        }
    }

    private static func hostPart(of origin: String) -> String? {
        origin.lowercased().firstRange(of: "://").map { String(origin.lowercased()[$0.upperBound...]) }
    }
}
