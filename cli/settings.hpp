#pragma once
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>

namespace sluice::cli {

using Variable = std::function<std::optional<std::string>(const std::string& name)>;

/// The lines `export NAME=value` (or `NAME=value`; a value may stand in quotes) of a file that a shell could source.
/// Anything else is passed over: nothing is run or expanded.
std::map<std::string, std::string> read_env(std::istream& in);

/// Settings by name: from the environment, else from the file that ./dev up writes. An empty value counts as none.
class Settings {
public:
    /// The file is $SLUICE_DEV_DIR/env, else .dev/env in `folder` or the nearest folder above it.
    Settings(Variable environment, const std::filesystem::path& folder);

    std::optional<std::string> find(const std::string& name) const;
    /// Ends the command where it is not set, and says where one could set it.
    std::string get(const std::string& name) const;
    /// Empty: there is none.
    const std::filesystem::path& file() const { return file_; }

private:
    Variable environment_;
    std::filesystem::path file_;
    std::map<std::string, std::string> from_file_;
};

}  // namespace sluice::cli
