#pragma once
#include "common/app/process.hpp"

namespace sluice::serving {

struct Settings {
    app::CommonSettings common;
    std::uint16_t port = 0;
    std::string node = "serving-1";
    std::string artifacts_dir, tokens_file;
    std::string scorer_path;
    std::string state_dir;
    std::uint64_t feature_entities_max = 1'000'000;
};
void declare(app::Options& options, Settings& settings);

}  // namespace sluice::serving
