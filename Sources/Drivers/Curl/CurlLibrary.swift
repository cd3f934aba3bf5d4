import CCurl

enum CurlLibrary {
    /// libcurl's own start, once a process.
    static let start: CURLcode = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    static let version = unsafe String(cString: curl_version())
}
