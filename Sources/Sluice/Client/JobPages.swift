import JobFlow

/// What a list of the intake shows, page by page: jobs, mostly.
struct JobPages: Sendable {
    static let largest = 100

    private let fetch: @Sendable (_ limit: Int, _ after: String?) async throws -> JSONObject

    init(client: SluiceClient, filter: JobFilter) {
        fetch = { try await client.jobs(filter, limit: $0, after: $1) }
    }

    init(deadWebhooksOf client: SluiceClient) {
        fetch = { try await client.deadWebhooks(limit: $0, after: $1) }
    }

    struct Page: Sendable {
        var jobs: [JSONObject]
        var hasMore: Bool
        /// Where the next page goes on. A page may show less than it looked at, nothing even, and there be more behind.
        var last: String?

        var ids: [String] { jobs.compactMap { $0["id"]?.string } }
    }

    /// The newest jobs, and whether there are more.
    func first(_ count: Int) async throws -> Page {
        var all = Page(jobs: [], hasMore: true)
        while all.hasMore, all.jobs.count < count {
            let page = try await page(after: all.last, limit: min(Self.largest, count - all.jobs.count))
            all.jobs += page.jobs
            (all.hasMore, all.last) = (page.hasMore, page.last)
        }
        return all
    }

    /// Every page that shows something. The next one is fetched before this one is worked on: that may take its jobs off the
    /// list, and the list goes on behind its last job.
    func forEach(_ body: (Page) async throws -> Void) async throws {
        var next: Page? = try await page(after: nil, limit: Self.largest)
        while let page = next {
            next = page.hasMore ? try await self.page(after: page.last, limit: Self.largest) : nil
            if !page.jobs.isEmpty { try await body(page) }
        }
    }

    private func page(after: String?, limit: Int) async throws -> Page {
        let list = try await fetch(limit, after)
        let last = list["last_id"]?.string
        return Page(
            jobs: list["data"]?.array?.compactMap(\.object) ?? [],
            hasMore: last != nil && list["has_more"]?.bool == true, last: last)
    }
}
