/// A file of the web console, as browsers get it: built into the program, which needs nothing beside it.
package struct ConsoleFile: Sendable {
    package let name: String
    package let type: String
    package let bytes: [UInt8]

    /// The document.
    package static let page = ConsoleFile("index.html", PackageResources.index_html)

    /// What it asks for, by names that `index.html` and the scripts say.
    package static let parts = [
        ConsoleFile("style.css", PackageResources.style_css),
        ConsoleFile("icon.svg", PackageResources.icon_svg),
        ConsoleFile("app.js", PackageResources.app_js),
        ConsoleFile("api.js", PackageResources.api_js),
        ConsoleFile("dead.js", PackageResources.dead_js),
        ConsoleFile("dom.js", PackageResources.dom_js),
        ConsoleFile("endpoints.js", PackageResources.endpoints_js),
        ConsoleFile("format.js", PackageResources.format_js),
        ConsoleFile("job.js", PackageResources.job_js),
        ConsoleFile("jobs.js", PackageResources.jobs_js),
        ConsoleFile("many.js", PackageResources.many_js),
        ConsoleFile("overview.js", PackageResources.overview_js),
        ConsoleFile("poll.js", PackageResources.poll_js),
        ConsoleFile("rates.js", PackageResources.rates_js),
        ConsoleFile("talk.js", PackageResources.talk_js),
    ]

    private init(_ name: String, _ bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
        let types = ["html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"]
        type = (types[String(name.drop { $0 != "." }.dropFirst())] ?? "text/plain") + "; charset=utf-8"
    }
}
