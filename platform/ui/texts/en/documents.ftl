documents-lede = What you signed with this portal.
documents-none-body = Signed documents will appear here.
documents-signed-at = Signed: { $time }
documents-download = Download
documents-older = Older documents
documents-kept = { $count ->
    [one] We keep files here for { $count } day. After that only the entry stays.
   *[other] We keep files here for { $count } days. After that only the entry stays.
}
