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

        var ids: [String] { jobs.compactMap { $0["id"]?.string } }
    }

    /// The newest jobs, and whether there are more.
    func first(_ count: Int) async throws -> Page {
        var all = Page(jobs: [], hasMore: true)
        while all.hasMore, all.jobs.count < count {
            let page = try await page(after: all.ids.last, limit: min(Self.largest, count - all.jobs.count))
            all.jobs += page.jobs
            all.hasMore = page.hasMore && !page.jobs.isEmpty
        }
        return all
    }

    /// Every page. The next one is fetched before this one is worked on: that may take its jobs off the list, and the list
    /// goes on behind its last job.
    func forEach(_ body: (Page) async throws -> Void) async throws {
        var page = try await page(after: nil, limit: Self.largest)
        while !page.jobs.isEmpty {
            let next = page.hasMore ? try await self.page(after: page.ids.last, limit: Self.largest) : nil
            try await body(page)
            guard let next else { return }
            page = next
        }
    }

    private func page(after: String?, limit: Int) async throws -> Page {
        let list = try await fetch(limit, after)
        return Page(
            jobs: list["data"]?.array?.compactMap(\.object) ?? [], hasMore: list["has_more"]?.bool ?? false)
    }
}
