#include "common/artifacts/verified_file.hpp"

#include "common/artifacts/descriptor.hpp"
#include "common/core/sha256.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace sluice::artifacts {
namespace {

using core::Failure;

core::Result<std::string> read_all(int file, std::uint64_t size) {
    std::string bytes(size, '\0');
    std::size_t have = 0;
    while (have < bytes.size()) {
        const auto got = ::read(file, bytes.data() + have, bytes.size() - have);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return disk_failure("cannot read an artifact", errno);
        if (got == 0) break;  // shorter than it was: the digest tells
        have += static_cast<std::size_t>(got);
    }
    bytes.resize(have);
    return bytes;
}

}  // namespace

core::Result<std::string> read_verified(const std::string& path, const std::string& digest, std::uint64_t size_max) {
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
    if (!file && errno == ENOENT)
        return Failure::poison("artifact " + digest + " is not in the store", "upload it with PUT /v1/artifacts");
    if (!file) return disk_failure("cannot open artifact " + digest, errno);
    struct stat found {};
    if (::fstat(file.number(), &found) != 0) return disk_failure("cannot look at artifact " + digest, errno);
    if (!S_ISREG(found.st_mode))
        return Failure::poison("artifact " + digest + " is not a regular file",
                               "remove it and upload the artifact again");
    const auto size = static_cast<std::uint64_t>(found.st_size);
    if (size > size_max)
        return Failure::poison("artifact " + digest + " has " + std::to_string(size) + " bytes, the limit here is " +
                                   std::to_string(size_max),
                               "use a smaller file or raise the limit");
    auto bytes = read_all(file.number(), size);
    if (bytes && core::digest_of(*bytes) != digest)
        return Failure::poison("the bytes stored as " + digest + " have another digest",
                               "upload the artifact again, and look at the disk: stored files never change");
    return bytes;
}

}  // namespace sluice::artifacts
