#pragma once
#include "cli/cli.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace sluice::cli {

using namespace std::chrono_literals;

inline bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

inline void write_file(const std::filesystem::path& path, const std::string& text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream{path} << text;
}

/// A folder of its own, gone afterwards.
class Folder {
public:
    Folder() {
        std::string name = std::filesystem::temp_directory_path() / "sluice-cli-XXXXXX";
        path = ::mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::filesystem::path path;
};

/// Where somebody types commands: an environment, a folder, and what came of the last command.
class Shell {
public:
    std::map<std::string, std::string> environment;
    Folder folder;
    std::istringstream in;
    std::string out, err;
    bool terminal = false;
    std::function<void(std::chrono::milliseconds)> sleep = [this](auto time) { slept += time; };
    std::chrono::milliseconds slept{0};
    std::function<std::unique_ptr<runtime::Ledger>(runtime::Executor&, const std::string&)> open_ledger;

    Exit types(const std::vector<std::string>& arguments) {
        std::ostringstream said, complained;
        const auto variable = [this](const std::string& name) {
            const auto found = environment.find(name);
            return found == environment.end() ? std::nullopt : std::optional{found->second};
        };
        Surroundings around{in, said, complained, variable, folder.path, terminal, sleep, open_ledger};
        const auto exit = run(arguments, around);
        out = said.str(), err = complained.str();
        return exit;
    }
    /// Words, separated by blanks.
    Exit types(const std::string& line) {
        std::istringstream words{line};
        return types(std::vector<std::string>{std::istream_iterator<std::string>{words}, {}});
    }
    Exit types(const char* line) { return types(std::string{line}); }
};

inline std::ostream& operator<<(std::ostream& out, Exit exit) { return out << "exit code " << static_cast<int>(exit); }

}  // namespace sluice::cli
