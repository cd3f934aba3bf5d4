import ArgumentParser
import Foundation
import JobFlow

/// How long a list may get, and how it is shown.
struct ListLength: ParsableArguments {
    @Option(name: .long, help: "So many at most.") var limit = 50

    func validate() throws {
        guard 1...100_000 ~= limit else { throw ValidationError("--limit: 1 to 100000 was expected") }
    }

    func show(_ page: JobPages.Page, json: Bool, _ table: ([JSONObject]) -> String) {
        if json {
            for job in page.jobs { print(String(decoding: job.raw, as: UTF8.self)) }
        } else {
            print(table(page.jobs))
        }
        if page.hasMore { FileHandle.standardError.write(Data("there are more: --limit shows them\n".utf8)) }
    }
}
