import JobFlow
import Testing

@Suite struct BulkRandomTests {
    @Test func `no number is given out twice, however many ask`() async {
        let numbers = await withTaskGroup(of: [UInt64].self) { group in
            for _ in 0..<8 { group.addTask { (0..<1000).map { _ in BulkRandom().next() } } }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(numbers).count == 8000)
    }

    @Test func `each bit is set about as often as not`() {
        let numbers = (0..<10_000).map { _ in BulkRandom().next() }
        for bit in 0..<64 {
            // Ten standard deviations of 50 to each side.
            #expect((4500...5500).contains(numbers.count { $0 >> bit & 1 == 1 }))
        }
    }
}
