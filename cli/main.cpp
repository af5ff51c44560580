// sluice, the command for reviewers and operators.
#include "cli/cli.hpp"
#include "common/kafka/ledger.hpp"

#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <thread>

namespace {

std::optional<std::string> variable(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value ? std::optional<std::string>{value} : std::nullopt;
}

// Drawing over is colour's little sister: who asks for a plain terminal gets lines.
bool can_redraw() {
    return ::isatty(STDOUT_FILENO) == 1 && !variable("NO_COLOR") && variable("TERM").value_or("dumb") != "dumb";
}

std::unique_ptr<sluice::runtime::Ledger> open_ledger(sluice::runtime::Executor& executor, const std::string& brokers) {
    sluice::kafka::LedgerOptions options;
    options.brokers = brokers;
    return std::make_unique<sluice::kafka::Ledger>(executor, std::move(options));
}

}  // namespace

int main(int argc, char** argv) {
    sluice::cli::Surroundings around{std::cin,
                                     std::cout,
                                     std::cerr,
                                     variable,
                                     std::filesystem::current_path(),
                                     can_redraw(),
                                     [](std::chrono::milliseconds time) { std::this_thread::sleep_for(time); },
                                     open_ledger};
    const auto code = sluice::cli::run({argv + 1, argv + argc}, around);
    return static_cast<int>(code);
}
