package import NIOCore

/// The text of an answer: English that refers to the request by its first words, of an exact length, and the same for
/// the same seed, prompt and length.
package enum AnswerText {
    /// Plain ASCII without quotes or backslashes, so that it stands in JSON as it is.
    private static let sentences: [[UInt8]] = [
        "The main point is that the parts depend on each other less than it seems at first. ",
        "In practice, a small change early saves a large one later. ",
        "There are three things to consider: the cost, the time it takes, and who has to maintain it. ",
        "Most sources agree on this, although the details differ from case to case. ",
        "A short example makes it clearer. ",
        "It helps to start with the simplest version and to measure before changing anything. ",
        "The first step is to write down what is already known. ",
        "That said, there are exceptions worth knowing about. ",
        "If the numbers do not add up, look at the assumptions first. ",
        "Compared with the alternatives, this keeps the number of moving parts low. ",
        "The short answer is yes, with one condition. ",
        "For larger inputs the order of the steps matters more than their number. ",
        "You can verify this by checking a few cases by hand. ",
        "In summary, the approach works as long as its limits are respected. ",
        "The second option is slower but easier to explain. ",
        "Nothing here requires special tools. ",
    ].map { Array($0.utf8) }

    /// Appends exactly `length` bytes.
    package static func write(_ length: Int, topic: String, seed: UInt64, hash: UInt64, to buffer: inout ByteBuffer) {
        var left = length
        let opening = topic.isEmpty ? "" : "To your request (\(topic) ...): "
        if opening.utf8.count < left {
            left -= buffer.writeString(opening)
        }
        var generator = SeededGenerator(seed: seed ^ hash)
        while left > 0 {
            let sentence = sentences[Int(generator.next() % UInt64(sentences.count))]
            left -= buffer.writeBytes(sentence.prefix(left))
        }
        if length > 1 { buffer.setInteger(UInt8(ascii: "."), at: buffer.writerIndex - 1) }
    }
}
