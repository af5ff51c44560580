#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sluice::app {

/// A program's settings. Each is a flag `--name-with-dashes` and an environment variable `SLUICE_NAME_WITH_DASHES`; the
/// flag wins. `--help` documents them all. Variables given must outlive parse().
class Options {
public:
    Options(std::string program, std::string what);
    ~Options();
    Options(const Options&) = delete;
    Options& operator=(const Options&) = delete;

    void text(std::string& into, const std::string& name, const std::string& what);
    void required(std::string& into, const std::string& name, const std::string& what);
    void number(std::uint64_t& into, const std::string& name, const std::string& what, std::uint64_t low,
                std::uint64_t high);
    void port(std::uint16_t& into, const std::string& name, const std::string& what);
    void choice(std::string& into, const std::string& name, const std::string& what, std::vector<std::string> any_of);

    /// An exit code where the program is to end at once: 0 after --help or --version, 2 after a mistake that was
    /// explained on stderr.
    std::optional<int> parse(int argc, char** argv);

private:
    struct Parser;
    std::unique_ptr<Parser> parser_;
};

}  // namespace sluice::app
