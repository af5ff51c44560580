#pragma once
#include <stdexcept>
#include <string>

namespace sluice::cli {

enum class Exit {
    ok = 0,
    failure = 1,    ///< anything that is not below
    usage = 2,      ///< the command line is wrong; nothing was asked
    refused = 3,    ///< no permission, or somebody decided against it
    not_found = 4,  ///< there is no such thing
    conflict = 5,   ///< something has moved, or it is not the time for that
    late = 124,     ///< no answer in time
};

/// Ends a command from wherever it is: what a person reads on stderr, with advice, and the exit code.
class Ended : public std::runtime_error {
public:
    Ended(Exit how, const std::string& text) : std::runtime_error{text}, exit{how} {}
    Exit exit;
};

}  // namespace sluice::cli
