documents-lede = What you signed with this portal.
documents-none-body = Signed documents will appear here.
documents-signed-at = Signed: { $time }
documents-download = Download
documents-older = Older documents
documents-kept = We keep files here for 30 days. After that only the entry stays.
