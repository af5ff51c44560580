#pragma once
#include "common/core/result.hpp"

#include <cstdint>
#include <string>

namespace sluice::artifacts {

/// All bytes of the file at `path`, read through one descriptor and found to have `digest`: what was checked is what is
/// used, whatever happens to the path meanwhile. Poison: no such file, not a regular file, larger than `size_max`, or
/// other bytes. Retryable: the disk.
core::Result<std::string> read_verified(const std::string& path, const std::string& digest, std::uint64_t size_max);

}  // namespace sluice::artifacts
