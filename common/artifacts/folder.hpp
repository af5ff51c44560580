#pragma once
#include "common/runtime/artifacts.hpp"

#include <filesystem>

namespace sluice::artifacts {

/// The store as a folder: `<dir>/sha256/<first 2 hex>/<64 hex>`, read-only files. An upload grows in `<dir>/tmp` (mode
/// 0600) and is renamed to its place when its bytes are on the disk, so a file in place is whole, even after a power
/// cut. Several processes may share the folder.
class Folder final : public runtime::Artifacts {
public:
    /// Makes the folder (0700) where it is missing, and removes uploads that a crash left behind more than a day ago.
    static core::Result<std::unique_ptr<Folder>> open(const std::string& dir);

    core::Result<std::string> read(const std::string& digest, std::uint64_t size_max) const override;
    bool has(const std::string& digest) const override;
    std::optional<std::uint64_t> size(const std::string& digest) const override;
    core::Result<std::string> path_of(const std::string& digest) const override;
    core::Result<std::unique_ptr<runtime::Upload>> begin(std::uint64_t size_max) override;

private:
    explicit Folder(std::filesystem::path dir) : dir_{std::move(dir)} {}

    std::filesystem::path dir_;
};

}  // namespace sluice::artifacts
