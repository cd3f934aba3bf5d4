/// Several texts of one key, in their order.
package struct WordList: Sendable, Equatable, TextSettingValue {
    package var words: [String]

    init(_ words: [String]) { self.words = words }

    init?(settingText: String) { self.init(Self.words(of: settingText)) }

    var rendered: PrettyJSON { .array(words.map(PrettyJSON.text)) }

    static func words(of text: String) -> [String] { text.split(separator: " ").map(String.init) }
}

/// The same of texts that nobody is shown.
package struct SecretList: Sendable, Equatable, TextSettingValue {
    package var secrets: [Secret]

    init(_ secrets: [Secret] = []) { self.secrets = secrets }

    init?(settingText: String) { self.init(WordList.words(of: settingText).map(Secret.init)) }

    var rendered: PrettyJSON { .array(secrets.map(\.rendered)) }
}
