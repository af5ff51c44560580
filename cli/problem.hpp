#pragma once
#include "cli/ended.hpp"

#include <string>
#include <vector>

namespace sluice::cli {

/// What a server said no with (RFC 9457); `detail` ends with advice. Any body is read: what is no problem+json has only
/// its status.
struct Problem {
    struct At {
        std::string pointer, detail;
    };
    int status = 0;
    std::string code, detail;
    std::string request;     ///< the id of what was asked, where the server gave it one
    std::vector<At> errors;  ///< what is wrong in the body, by JSON pointer
    std::string body;        ///< as it came

    std::string text() const;
    Exit exit() const;
};
Problem read_problem(int status, const std::string& body);

class Refused : public Ended {
public:
    explicit Refused(Problem said) : Ended{said.exit(), said.text()}, problem{std::move(said)} {}
    Problem problem;
};

}  // namespace sluice::cli
