import JobFlow
import Testing

@testable import RunAudit

/// The encoding of docs/audit.md, which other programs can verify too.
struct ChainEncodingTests {
    @Test func `hashes are what another program computes from the documentation`() throws {
        let job = try #require(JobID("job_0_01k7e8h8000000000000000000"))
        let row = Samples.row(job: job)
        let sealed = SealedRow(
            job: "\(job)", number: 1, digest: RowDigest(AttemptRow.values(row, recordedAt: Samples.start)))
        let chain = Chain(origin: 0, identity: Array(0..<16), name: "here", unsealedTo: 0)
        var draft = SealDraft()
        draft.add(1, sealed)
        let seal = Seal(draft.runs[0], after: chain.start, at: Samples.start)
        #expect(
            ChainHash(stored: sealed.digest.bytes).description
                == "ebb824f358b8fd254916ef54b9a5191741d4f3bb4f595a52ca28fd9ac09169ba")
        #expect(chain.start.hash.description == "2aab3a7f142d679c35235303c7a872285adec303d919bc856a34673f7080563a")
        #expect(seal.hash.description == "b1ded21e680a6471e980143607fae2ae82dc96a944c4aa3d10a78ca6955ef041")
    }

    @Test func `the content of a seal comes back as it was, and nothing else is taken for one`() {
        let row = SealedRow(job: "job_é", number: -1, digest: RowDigest(StatementValues(count: 0)))
        var draft = SealDraft()
        draft.add(7, row)
        draft.amend(3, row)
        let content = draft.runs[0].content
        #expect(SealContent.items(content) == [.row(row), .amendment(3, row)])
        for count in 1..<content.count {
            let items = SealContent.items(Array(content.prefix(count)))
            #expect(items == nil || items == [.row(row)])
        }
        #expect(SealContent.items([9]) == nil)
        #expect(SealContent.items([1] + [UInt8](repeating: 255, count: 80)) == nil)
    }

    @Test func `rows whose ids do not follow each other get seals of their own`() {
        let row = SealedRow(job: "j", number: 1, digest: RowDigest(StatementValues(count: 0)))
        var draft = SealDraft()
        draft.amend(1, row)
        for id: Int64 in [5, 6, 9] { draft.add(id, row) }
        #expect(draft.runs.map(\.first) == [5, 9])
        #expect(draft.runs.map(\.rows) == [2, 1])
        #expect(draft.runs.map(\.amendments) == [1, 0])
    }

    @Test func `values that differ only in where one ends have other digests`() {
        func digest(_ texts: String?...) -> RowDigest {
            var values = StatementValues(count: 2)
            for text in texts { values.add(text) }
            return RowDigest(values)
        }
        #expect(digest("ab", "c") != digest("a", "bc"))
        #expect(digest("", nil) != digest(nil, ""))
    }

    @Test(arguments: ["", "zz", String(repeating: "0", count: 63), String(repeating: "g", count: 64)])
    func `what is no hash is refused`(text: String) { #expect(ChainHash(hex: text) == nil) }

    @Test func `a hash is read as it is written`() {
        let hash = ChainHash(of: [1, 2, 3])
        #expect(ChainHash(hex: "\(hash)") == hash)
        #expect(ChainHash(hex: "\(hash)".uppercased()) == hash)
    }
}
