#pragma once
#include "common/app/scorer_wire.hpp"

#include <exception>
#include <string>
#include <utility>

namespace sluice::scorer {

/// Thrown where the model or the data is at fault, and caught in one place, where it becomes the answer.
struct Refusal : std::exception {
    Refusal(std::string code, std::string detail) : answer{std::move(code), std::move(detail)} {}
    const char* what() const noexcept override { return answer.detail.c_str(); }

    app::Refused answer;
};

/// Thrown where the machine is at fault.
struct TryAgain : std::exception {
    explicit TryAgain(std::string why) : text{std::move(why)} {}
    const char* what() const noexcept override { return text.c_str(); }

    std::string text;
};

}  // namespace sluice::scorer
