#pragma once
#include "common/core/result.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::runtime {

/// True for `sha256:` and 64 lower-case hexadecimal digits, and for nothing else. Such a text can name no path but its
/// own.
inline bool is_digest(std::string_view text) {
    constexpr std::string_view prefix = "sha256:";
    return text.size() == prefix.size() + 64 && text.substr(0, prefix.size()) == prefix &&
           std::all_of(text.begin() + prefix.size(), text.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// What an upload became.
struct Stored {
    std::string digest;
    std::uint64_t size = 0;
    bool operator==(const Stored&) const = default;
};

/// Bytes on their way into the store. Its destructor discards what was not finished. Used by one thread at a time.
class Upload {
public:
    virtual ~Upload() = default;
    /// A poison failure names the limit when the upload grows past it; nothing may be written after a failure.
    virtual core::Result<void> write(std::string_view bytes) = 0;
    /// The bytes are on disk, under their digest, when this returns. Called once, last. It waits for the disk.
    virtual core::Result<Stored> finish() = 0;
};

/// Files named by the digest of their bytes: written once, never changed. Nobody outside chooses a path.
/// A text that is not a digest is a poison failure, or absent. Its calls may come from any thread.
class Artifacts {
public:
    virtual ~Artifacts() = default;

    /// The bytes, after they were found to have this digest. Poison: not in the store, larger than `size_max`, or
    /// spoilt.
    virtual core::Result<std::string> read(const std::string& digest, std::uint64_t size_max) const = 0;
    virtual bool has(const std::string& digest) const = 0;
    virtual std::optional<std::uint64_t> size(const std::string& digest) const = 0;
    /// Where a child process finds the bytes, which it has to verify itself. The file need not be there.
    virtual core::Result<std::string> path_of(const std::string& digest) const = 0;

    /// The same bytes again are the same artifact.
    virtual core::Result<std::unique_ptr<Upload>> begin(std::uint64_t size_max) = 0;
};

}  // namespace sluice::runtime
