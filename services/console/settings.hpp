#pragma once
#include "common/app/process.hpp"

namespace sluice::console {

struct Settings {
    app::CommonSettings common;
    std::uint16_t port = 0;
    std::string tokens_file;
};
void declare(app::Options& options, Settings& settings);

}  // namespace sluice::console
