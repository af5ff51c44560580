#include "common/artifacts/folder.hpp"

#include "common/artifacts/descriptor.hpp"
#include "common/artifacts/verified_file.hpp"
#include "common/core/sha256.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>

namespace sluice::artifacts {
namespace {

namespace fs = std::filesystem;
using core::Failure;
using core::Result;

Failure not_a_digest() {
    return Failure::poison("this is not a digest", "write it as sha256: and 64 lower-case hexadecimal digits");
}

/// Only for what is_digest() is true of.
fs::path place_of(const fs::path& dir, const std::string& digest) {
    const auto hex = digest.substr(7);
    return dir / "sha256" / hex.substr(0, 2) / hex;
}

Result<void> make_private_folder(const fs::path& path) {
    std::error_code error;
    const bool made = fs::create_directories(path, error);
    if (!error && made) fs::permissions(path, fs::perms::owner_all, error);
    if (error) return disk_failure("cannot make the artifact folder " + path.string(), error.value());
    return {};
}

/// A rename is on the disk only when its folder is.
Result<void> sync_folder(const fs::path& path) {
    const Descriptor folder{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!folder || ::fsync(folder.number()) != 0) return disk_failure("cannot write an artifact to the disk", errno);
    return {};
}

void remove_abandoned(const fs::path& tmp) {
    std::error_code ignored;  // what cannot be removed now is tried again at the next start
    const auto oldest = fs::file_time_type::clock::now() - std::chrono::hours(24);
    for (const auto& entry : fs::directory_iterator(tmp, ignored)) {
        const auto written = entry.last_write_time(ignored);
        if (!ignored && written < oldest) fs::remove(entry.path(), ignored);
    }
}

class FileUpload final : public runtime::Upload {
public:
    FileUpload(fs::path dir, std::string temporary, Descriptor file, std::uint64_t size_max)
        : dir_{std::move(dir)}, temporary_{std::move(temporary)}, file_{std::move(file)}, size_max_{size_max} {}

    ~FileUpload() override {
        if (!placed_) ::unlink(temporary_.c_str());
    }

    Result<void> write(std::string_view bytes) override {
        if (bytes.size() > size_max_ - size_)
            return Failure::poison("the upload is larger than the limit of " + std::to_string(size_max_) + " bytes",
                                   "send a smaller file or have the limit raised");
        size_ += bytes.size();
        hash_.update(bytes);
        while (!bytes.empty()) {
            const auto wrote = ::write(file_.number(), bytes.data(), bytes.size());
            if (wrote < 0 && errno == EINTR) continue;
            if (wrote < 0) return disk_failure("cannot write an artifact", errno);
            bytes.remove_prefix(static_cast<std::size_t>(wrote));
        }
        return {};
    }

    Result<runtime::Stored> finish() override {
        const auto digest = core::digest_text(hash_.finish());
        const auto place = place_of(dir_, digest);
        if (auto made = make_private_folder(place.parent_path()); !made) return made.failure();
        if (::fchmod(file_.number(), S_IRUSR) != 0 || ::fsync(file_.number()) != 0)
            return disk_failure("cannot write an artifact to the disk", errno);
        // Over a file that is there already, too: its bytes are the same, or they are spoilt and this mends them.
        if (::rename(temporary_.c_str(), place.c_str()) != 0) return disk_failure("cannot place an artifact", errno);
        placed_ = true;
        for (const auto& folder : {place.parent_path(), place.parent_path().parent_path()})
            if (auto synced = sync_folder(folder); !synced) return synced.failure();
        return runtime::Stored{digest, size_};
    }

private:
    fs::path dir_;
    std::string temporary_;
    Descriptor file_;
    std::uint64_t size_max_;
    std::uint64_t size_ = 0;
    core::Sha256 hash_;
    bool placed_ = false;
};

}  // namespace

Result<std::unique_ptr<Folder>> Folder::open(const std::string& dir) {
    std::error_code error;
    const auto absolute = fs::absolute(dir, error);
    if (dir.empty() || error)
        return Failure::fatal("the artifact folder has no usable name", "set SLUICE_ARTIFACTS_DIR to a folder");
    for (const auto& each : {absolute, absolute / "sha256", absolute / "tmp"})
        if (auto made = make_private_folder(each); !made)
            return Failure::fatal(made.failure().what,
                                  "set SLUICE_ARTIFACTS_DIR to a folder that this process may write");
    remove_abandoned(absolute / "tmp");
    return std::unique_ptr<Folder>(new Folder(absolute));
}

Result<std::string> Folder::read(const std::string& digest, std::uint64_t size_max) const {
    if (!runtime::is_digest(digest)) return not_a_digest();
    return read_verified(place_of(dir_, digest).string(), digest, size_max);
}

bool Folder::has(const std::string& digest) const { return size(digest).has_value(); }

std::optional<std::uint64_t> Folder::size(const std::string& digest) const {
    if (!runtime::is_digest(digest)) return std::nullopt;
    std::error_code error;
    const auto bytes = fs::file_size(place_of(dir_, digest), error);
    return error ? std::nullopt : std::optional<std::uint64_t>{bytes};
}

Result<std::string> Folder::path_of(const std::string& digest) const {
    if (!runtime::is_digest(digest)) return not_a_digest();
    return place_of(dir_, digest).string();
}

Result<std::unique_ptr<runtime::Upload>> Folder::begin(std::uint64_t size_max) {
    auto name = (dir_ / "tmp" / "upload-XXXXXX").string();
    Descriptor file{::mkostemp(name.data(), O_CLOEXEC)};  // mode 0600, a name that was not there
    if (!file) return disk_failure("cannot begin an upload", errno);
    return std::unique_ptr<runtime::Upload>(std::make_unique<FileUpload>(dir_, name, std::move(file), size_max));
}

}  // namespace sluice::artifacts
