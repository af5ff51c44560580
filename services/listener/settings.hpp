#pragma once
#include "common/app/process.hpp"

namespace sluice::listener {

struct Settings {
    app::CommonSettings common;
    std::uint16_t port = 0;
    std::string artifacts_dir;
    std::string tokens_file;
    std::uint64_t upload_bytes_max = 2ull << 30;
};
void declare(app::Options& options, Settings& settings);

}  // namespace sluice::listener
